import inspect
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.seeding import derive_seed
from detaux.data.corruption.none import NoCorruption
from detaux.data.corruption.salt_and_pepper import SaltAndPepper
from detaux.data.staging import Images, ResidentImages
from detaux.learn.network import MultiTaskNet
from detaux.learn.options import LearnOptions
from detaux.learn.predict import predict
from detaux.learn.registries import weightings
from detaux.learn.tasks import Task
from detaux.learn.train import learn
from detaux.train import loop
from detaux.train.history import History
from detaux.train.policy import Policy

Run = Callable[..., tuple[MultiTaskNet, History]]
Validation = tuple[Images, NDArray[np.int64]]
CPU = Policy(device=torch.device("cpu"), amp=False)


def same_weights(one: MultiTaskNet, other: MultiTaskNet) -> bool:
    theirs = other.state_dict()
    return all(torch.equal(value, theirs[name]) for name, value in one.state_dict().items())


def accuracy(net: MultiTaskNet, validation: Validation, options: LearnOptions) -> float:
    images, labels = validation
    seed = derive_seed("learn", "validation corruption", 0)
    return float(
        np.mean(predict(net, images, corruption=options.corruption, seed=seed, policy=CPU) == labels)
    )


@pytest.mark.parametrize("draw", ["each_step", "once"])
@pytest.mark.parametrize("weighting", weightings.names())
def test_learns_both_tasks(weighting: str, draw: Any, run: Run, corner: Task, options: LearnOptions) -> None:
    changes: dict[str, Any] = {"weighting": weightings.get(weighting)(), "corruption_draw": draw}
    longer = replace(options, **changes, steps=80, validate_every=40, schedule="one_cycle")
    _, history = run(corner, options=longer)
    assert max(row["score"] for row in history.validation) > 0.9
    assert history.losses[-1]["auxiliary"] < 0.5 * history.losses[0]["auxiliary"]


@pytest.mark.parametrize("weighting", weightings.names())
def test_every_arm_has_the_same_first_step(
    weighting: str, run: Run, corner: Task, options: LearnOptions
) -> None:
    _, stl = run(None, options=replace(options, steps=1))
    _, mtl = run(corner, options=replace(options, steps=1, weighting=weightings.get(weighting)()))
    assert "auxiliary" not in stl.losses[0]
    assert stl.losses[0]["principal"] == mtl.losses[0]["principal"]


def test_the_seed_decides_everything(run: Run, corner: Task) -> None:
    torch.manual_seed(1)
    first, _ = run(corner, seed=0)
    torch.manual_seed(2)
    again, _ = run(corner, seed=0)
    assert same_weights(first, again)
    assert not same_weights(first, run(corner, seed=1)[0])


def test_keeps_the_weights_of_best_validation_accuracy(
    run: Run, corner: Task, validation: Validation, options: LearnOptions
) -> None:
    often = replace(options, steps=30, validate_every=1, learning_rate=0.03)
    net, history = run(corner, options=often)
    scores = [row["score"] for row in history.validation]
    assert len(set(scores)) > 1
    assert accuracy(net, validation, often) == max(scores)
    assert not net.training


@pytest.fixture
def checkpoint_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "time", SimpleNamespace(monotonic=count(0, 100).__next__))


@pytest.mark.usefixtures("checkpoint_each_step")
@pytest.mark.parametrize("weighting", weightings.names())
def test_a_killed_run_resumed_equals_an_unbroken_one(
    weighting: str, run: Run, corner: Task, options: LearnOptions, tmp_path: Path
) -> None:
    weighted = replace(options, weighting=weightings.get(weighting)())

    def kill(share: float, text: str) -> None:
        if share > 0.6:
            raise KeyboardInterrupt(text)

    with pytest.raises(KeyboardInterrupt):
        run(corner, options=weighted, work=tmp_path, progress=kill)
    assert any(tmp_path.iterdir())
    resumed, resumed_history = run(corner, options=weighted, work=tmp_path)
    unbroken, unbroken_history = run(corner, options=weighted)
    assert same_weights(resumed, unbroken)
    assert resumed_history.plain() == unbroken_history.plain()


def test_nobody_can_hand_it_the_test_split() -> None:
    given = {"train", "principal", "auxiliary", "validation", "options", "seed", "policy", "work", "progress"}
    assert set(inspect.signature(learn).parameters) == given


def test_prediction_has_the_noise_of_its_seed(run: Run, train_images: Images) -> None:
    net, _ = run(None)
    heavy = SaltAndPepper(salt=0.4, pepper=0.4)
    first, second, other = (
        predict(net, train_images, corruption=heavy, seed=seed, policy=CPU) for seed in (0, 0, 1)
    )
    assert first.dtype == np.int64
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_prediction_is_of_the_principal_task(run: Run, corner: Task, train_images: Images) -> None:
    net, _ = run(corner)
    classes = predict(net, train_images, corruption=NoCorruption(), seed=0, policy=CPU)
    logits = net(train_images.gather(torch.arange(60)))[0]
    assert np.array_equal(classes, logits.argmax(dim=1).numpy())


def test_a_batch_may_exceed_the_images(run: Run, options: LearnOptions) -> None:
    _, history = run(None, options=replace(options, batch_size=100, steps=2))
    assert len(history.losses) == 2


def test_labels_must_match_their_images(
    run: Run, train_images: Images, principal: Task, validation: Validation, options: LearnOptions
) -> None:
    short = Task(name="corner", labels=np.zeros(59, dtype=np.int64), num_classes=4)
    with pytest.raises(DataError, match="'corner' labels 59 images, but 60"):
        run(short)
    unlabelled = validation[0], validation[1][:-1]
    with pytest.raises(DataError, match="36 images and 35 labels"):
        learn(train_images, principal, None, unlabelled, options=options, seed=0, policy=CPU)


def test_one_image_is_too_few(principal: Task, validation: Validation, options: LearnOptions) -> None:
    single = ResidentImages(torch.zeros(1, 16, 16, 3, dtype=torch.uint8))
    with pytest.raises(DataError, match="at least 2 images, but has 1"):
        learn(single, principal, None, validation, options=options, seed=0, policy=CPU)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("batch_size", 1),
        ("batch_size", 65_537),
        ("steps", 0),
        ("learning_rate", 0.0),
        ("corruption_draw", "never"),
    ],
)
def test_options_out_of_range_are_named(option: str, value: Any, options: LearnOptions) -> None:
    with pytest.raises(ValueError, match=f"{option} .*{value}"):
        replace(options, **{option: value})
