"""What other tasks and evaluation leave as it is."""

from collections.abc import Callable
from dataclasses import replace

import torch

from detaux.data.staging import Images
from detaux.learn.options import LearnOptions
from detaux.learn.predict import predict
from detaux.learn.tasks import Task
from detaux.learn.train import Learnt
from detaux.learn.weightings.fixed import Fixed
from detaux.train.policy import Policy

Run = Callable[..., Learnt]
CPU = Policy(device=torch.device("cpu"), amp=False)


def test_beside_a_task_of_no_weight_the_principal_task_is_learnt_as_alone(
    run: Run, corner: Task, options: LearnOptions
) -> None:
    alone, beside = run(), run(corner, options=replace(options, weighting=Fixed(weight=0.0)))
    weights = alone.net.state_dict()
    shared = {name: value for name, value in beside.net.state_dict().items() if name in weights}
    assert shared.keys() == weights.keys()
    assert all(torch.equal(value, weights[name]) for name, value in shared.items())
    assert alone.history.validation == beside.history.validation


def test_evaluation_leaves_the_running_statistics_as_they_are(
    run: Run, train_images: Images, options: LearnOptions
) -> None:
    net = run().net
    before = {name: value.clone() for name, value in net.state_dict().items()}
    assert any("running" in name for name in before)
    predict(net.train(), train_images, corruption=options.corruption, seed=0, policy=CPU)
    assert not net.training
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
