import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from detaux.core.errors import DataError, DivergedError
from detaux.core.seeding import derive_seed
from detaux.data.corruption.none import NoCorruption
from detaux.data.corruption.salt_and_pepper import SaltAndPepper
from detaux.data.staging import Images, ResidentImages
from detaux.learn.auxiliary.noise import NoiseTask
from detaux.learn.network import MultiTaskNet
from detaux.learn.options import LearnOptions
from detaux.learn.predict import predict
from detaux.learn.registries import Tuned, Weighting, weightings
from detaux.learn.tasks import Task
from detaux.learn.train import Learnt, learn
from detaux.learn.update import Update
from detaux.learn.weightings.equal import Equal
from detaux.train.policy import Policy

Run = Callable[..., Learnt]
Validation = tuple[Images, NDArray[np.int64]]
CPU = Policy(device=torch.device("cpu"), amp=False)
RULES = ["equal", "pcgrad", "uncertainty", "gradnorm", "auto_lambda", "famo"]
"""Some that remember nothing, some that learn with the rest, some that learn by themselves, and one that looks ahead."""


class Scaled(Update):
    """Descends the sum of the losses times a number."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self._factor = factor

    def backward(
        self, losses: Tensor, shared: Sequence[nn.Parameter], heads: Sequence[Sequence[nn.Parameter]]
    ) -> None:
        del shared, heads
        torch.autograd.backward(self._factor * losses.sum())

    def scores(self) -> dict[str, float]:
        return {"factor": self._factor}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """A weighting that scales the losses: by 0 nothing but weight decay moves, by NaN the next loss is NaN."""

    factor: float

    def build(self, num_tasks: int) -> Scaled:
        del num_tasks
        return Scaled(self.factor)


@dataclass(frozen=True, kw_only=True, slots=True)
class Either:
    """Stands for a scale of each factor."""

    factors: tuple[float, ...]

    def candidates(self) -> Sequence[Weighting]:
        return [Scale(factor=factor) for factor in self.factors]

    def build(self, num_tasks: int) -> NoReturn:
        raise AssertionError(num_tasks)


def same_weights(one: MultiTaskNet, other: MultiTaskNet) -> bool:
    theirs = other.state_dict()
    return all(torch.equal(value, theirs[name]) for name, value in one.state_dict().items())


def accuracy(net: MultiTaskNet, validation: Validation, options: LearnOptions) -> float:
    images, labels = validation
    seed = derive_seed("learn", "validation corruption", 0)
    return float(
        np.mean(predict(net, images, corruption=options.corruption, seed=seed, policy=CPU) == labels)
    )


def kill(share: float, text: str) -> None:
    if share > 0.6:
        raise KeyboardInterrupt(text)


@pytest.mark.parametrize("draw", ["each_step", "once"])
@pytest.mark.parametrize("weighting", ["equal", "pcgrad", "uncertainty"])
def test_learns_both_tasks(weighting: str, draw: Any, run: Run, corner: Task, options: LearnOptions) -> None:
    changes: dict[str, Any] = {"weighting": weightings.get(weighting)(), "corruption_draw": draw}
    longer = replace(options, **changes, steps=80, validate_every=40, schedule="one_cycle")
    history = run(corner, options=longer).history
    assert history.best_score > 0.9
    assert history.losses[-1]["auxiliary"] < 0.5 * history.losses[0]["auxiliary"]


def test_learns_several_tasks(run: Run, corner: Task, principal: Task, options: LearnOptions) -> None:
    coarse = Task(name="coarse", labels=np.minimum(principal.labels, 1), num_classes=2)
    longer = replace(options, steps=80, validate_every=40, schedule="one_cycle")
    history = run(corner, coarse, options=longer).history
    assert list(history.losses[0]) == ["step", "principal", "auxiliary", "auxiliary_2"]
    assert history.best_score > 0.9
    for name in ("auxiliary", "auxiliary_2"):
        assert history.losses[-1][name] < 0.5 * history.losses[0][name]


@pytest.mark.parametrize("weighting", RULES)
def test_every_arm_has_the_same_first_step(
    weighting: str, run: Run, corner: Task, options: LearnOptions
) -> None:
    stl = run(options=replace(options, steps=1)).history
    rule = weightings.get(weighting)()
    for tasks in ([corner], [corner, corner]):
        mtl = run(*tasks, options=replace(options, steps=1, weighting=rule)).history
        assert stl.losses[0]["principal"] == mtl.losses[0]["principal"]
    assert list(stl.losses[0]) == ["step", "principal"]


def test_the_seed_decides_everything(run: Run, corner: Task) -> None:
    torch.manual_seed(1)
    first = run(corner, seed=0).net
    torch.manual_seed(2)
    again = run(corner, seed=0).net
    assert same_weights(first, again)
    assert not same_weights(first, run(corner, seed=1).net)


def test_keeps_the_weights_of_best_validation_accuracy(
    run: Run, corner: Task, validation: Validation, options: LearnOptions
) -> None:
    often = replace(options, steps=30, validate_every=1, learning_rate=0.03)
    learnt = run(corner, options=often)
    scores = [row["score"] for row in learnt.history.validation]
    assert len(set(scores)) > 1
    assert accuracy(learnt.net, validation, often) == max(scores)
    assert not learnt.net.training


@pytest.mark.usefixtures("checkpoint_each_step")
@pytest.mark.parametrize("weighting", RULES)
def test_a_killed_run_resumed_equals_an_unbroken_one(
    weighting: str, run: Run, corner: Task, options: LearnOptions, tmp_path: Path
) -> None:
    weighted = replace(options, weighting=weightings.get(weighting)(), diagnose_every=2)
    with pytest.raises(KeyboardInterrupt):
        run(corner, options=weighted, work=tmp_path, progress=kill)
    assert any(tmp_path.iterdir())
    resumed = run(corner, options=weighted, work=tmp_path)
    unbroken = run(corner, options=weighted)
    assert same_weights(resumed.net, unbroken.net)
    assert resumed.history.plain() == unbroken.history.plain()
    assert resumed.scores == unbroken.scores


def test_asking_how_gradients_stand_changes_no_weight(run: Run, corner: Task, options: LearnOptions) -> None:
    asked, plain = run(corner, options=replace(options, diagnose_every=1)), run(corner)
    assert same_weights(asked.net, plain.net)
    assert all(
        -1 <= row["gradient_cosine"] <= 1 and row["gradient_ratio"] > 0 for row in asked.history.losses
    )
    assert asked.history.validation == plain.history.validation


def test_label_smoothing_changes_the_training(run: Run, options: LearnOptions) -> None:
    smooth, plain = run(options=replace(options, label_smoothing=0.3)), run()
    assert smooth.history.losses[0]["principal"] != plain.history.losses[0]["principal"]


def test_single_task_learning_needs_no_weighting(run: Run, options: LearnOptions) -> None:
    others: list[Weighting] = [Scale(factor=math.nan), Either(factors=(0.0, 1.0))]
    nets = [run(options=replace(options, weighting=other)).net for other in others]
    assert all(same_weights(net, run().net) for net in nets)


@pytest.mark.parametrize("factors", [(0.0, 1.0, 0.5), (1.0, 0.0), (math.nan, 0.0, 1.0), (1.0, math.nan, 0.0)])
def test_a_tuned_weighting_keeps_the_best_of_its_candidates(
    factors: tuple[float, ...], run: Run, corner: Task, options: LearnOptions
) -> None:
    longer = replace(options, steps=24, validate_every=3)
    found = run(corner, options=replace(longer, weighting=Either(factors=factors)))
    each = [
        run(corner, options=replace(longer, weighting=Scale(factor=factor)))
        for factor in factors
        if math.isfinite(factor)
    ]
    scores = [learnt.history.best_score for learnt in each]
    assert len(set(scores)) > 1
    best = each[int(np.argmax(scores))]
    assert same_weights(found.net, best.net)
    assert found.history.plain() == best.history.plain()
    diverged = sum(math.isnan(factor) for factor in factors)
    assert found.scores == best.scores | ({"diverged_candidates": diverged} if diverged else {})


def test_a_weighting_that_stands_for_several_is_known_by_its_candidates() -> None:
    assert isinstance(Either(factors=(1.0,)), Tuned)
    assert not isinstance(Scale(factor=1.0), Tuned)


def test_the_first_of_equally_good_candidates_is_kept(run: Run, corner: Task, options: LearnOptions) -> None:
    assert run(corner, options=replace(options, weighting=Either(factors=(0.0, -0.0)))).scores == {
        "factor": 0.0
    }


def test_it_diverges_where_every_candidate_does(run: Run, corner: Task, options: LearnOptions) -> None:
    for rule in (Scale(factor=math.nan), Either(factors=(math.nan, math.nan))):
        with pytest.raises(DivergedError, match="'principal' is nan in step 1"):
            run(corner, options=replace(options, weighting=rule))


@pytest.mark.usefixtures("checkpoint_each_step")
def test_a_killed_tuned_run_goes_on_where_it_was(
    run: Run, corner: Task, options: LearnOptions, tmp_path: Path
) -> None:
    tuned = replace(options, weighting=Either(factors=(0.0, 1.0)))
    shares: list[float] = []
    with pytest.raises(KeyboardInterrupt):
        run(corner, options=tuned, work=tmp_path, progress=kill)
    resumed = run(corner, options=tuned, work=tmp_path, progress=lambda share, _: shares.append(share))
    unbroken = run(corner, options=tuned)
    assert same_weights(resumed.net, unbroken.net)
    assert resumed.history.plain() == unbroken.history.plain()
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_tells_how_long_a_step_took(run: Run, corner: Task) -> None:
    assert 0 < run(corner).step_seconds < 10


def test_tells_what_the_weighting_tells(run: Run, corner: Task, options: LearnOptions) -> None:
    assert run(corner, options=replace(options, weighting=Scale(factor=2.0))).scores == {"factor": 2.0}
    assert run().scores == Equal().build(1).scores()


def test_nobody_can_hand_it_the_test_split() -> None:
    given = {"train", "principal", "auxiliary", "validation", "options", "seed", "policy", "work", "progress"}
    assert set(inspect.signature(learn).parameters) == given


def test_prediction_has_the_noise_of_its_seed(run: Run, train_images: Images) -> None:
    net = run().net
    heavy = SaltAndPepper(salt=0.4, pepper=0.4)
    first, second, other = (
        predict(net, train_images, corruption=heavy, seed=seed, policy=CPU) for seed in (0, 0, 1)
    )
    assert first.dtype == np.int64
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("task", [0, 1])
def test_prediction_is_of_the_task_asked_for(task: int, run: Run, corner: Task, train_images: Images) -> None:
    net = run(corner).net
    classes = predict(net, train_images, corruption=NoCorruption(), seed=0, policy=CPU, task=task)
    logits = net(train_images.gather(torch.arange(60)))[task]
    assert np.array_equal(classes, logits.argmax(dim=1).numpy())


def test_a_batch_may_exceed_the_images(run: Run, options: LearnOptions) -> None:
    assert len(run(options=replace(options, batch_size=100, steps=2)).history.losses) == 2


def test_labels_must_match_their_images(
    run: Run, train_images: Images, principal: Task, validation: Validation, options: LearnOptions
) -> None:
    short = Task(name="corner", labels=np.zeros(59, dtype=np.int64), num_classes=4)
    with pytest.raises(DataError, match="'corner' labels 59 images, but 60"):
        run(short)
    unlabelled = validation[0], validation[1][:-1]
    with pytest.raises(DataError, match="36 images and 35 labels"):
        learn(train_images, principal, (), unlabelled, options=options, seed=0, policy=CPU)


def test_one_image_is_too_few(principal: Task, validation: Validation, options: LearnOptions) -> None:
    single = ResidentImages(torch.zeros(1, 16, 16, 3, dtype=torch.uint8))
    with pytest.raises(DataError, match="at least 2 images, but has 1"):
        learn(single, principal, (), validation, options=options, seed=0, policy=CPU)


def test_a_batch_too_large_is_refused(options: LearnOptions) -> None:
    with pytest.raises(ValueError, match=r"batch_size .*65537"):
        replace(options, batch_size=65_537)


def test_more_classes_than_images_are_refused_whatever_makes_them(run: Run) -> None:
    with pytest.raises(DataError, match=r"task 'noise' has 61 classes for 60 images; take more images"):
        run(NoiseTask(name="noise", num_classes=61))
