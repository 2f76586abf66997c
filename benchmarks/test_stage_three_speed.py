"""What a step of stage three costs: every weighting and every architecture against single-task learning.

Images of 32 px, small_cnn, 32 images a step, one thread; two tasks, or three where a weighting needs them. Both sides train in
turn, round by round, so that whatever else the machine does slows both alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from statistics import median

import numpy as np
import pytest
import torch
from pytest_benchmark.fixture import BenchmarkFixture
from torch.nn.functional import cross_entropy

from detaux.core.errors import DataError
from detaux.data.augmentation.none import NoAugmentation
from detaux.data.corruption.none import NoCorruption
from detaux.data.staging import ResidentImages
from detaux.learn.architectures.hard_sharing import HardSharing
from detaux.learn.assembly import Assembly, assemble
from detaux.learn.options import LearnOptions
from detaux.learn.registries import Architecture, Tuned, Weighting, architectures, weightings
from detaux.learn.tasks import Task
from detaux.learn.updating.extras import MissingExtraError
from detaux.learn.weightings.equal import Equal
from detaux.models.backbones.small_cnn import SmallCNN
from detaux.train.loop import fit
from detaux.train.options import FitOptions
from detaux.train.policy import policy_for

SIZE, IMAGES, BATCH, CLASSES = 32, 1024, 32, 10
STEPS, ROUNDS = 6, 5
LONG = 60
"""Steps where a loop is compared with another: what is done once a training hardly counts in one."""
POLICY = policy_for("cpu")
MOST_OVER_PLAIN = 1.15
MOST_BEYOND_TASKS = 0.6
"""Gradient methods take as many single-task steps as there are tasks, and this share of one, at most."""
BEYOND = ("auto_lambda", "cagrad")
"""Rules that may take more: one looks ahead by two passes of its own, one has a general solver in each step."""

Steps = Callable[[], object]
"""Trains for `STEPS` steps."""


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """As many threads as a suite gives a job unless told otherwise."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@cache
def images() -> ResidentImages:
    pixels = np.random.default_rng(0).integers(0, 256, (IMAGES, SIZE, SIZE, 3), dtype=np.uint8)
    return ResidentImages(torch.from_numpy(pixels))


@cache
def tasks() -> tuple[Task, ...]:
    """Return three tasks whose labels say nothing of the images: what a step costs does not depend on it."""
    labels = np.random.default_rng(1).integers(0, CLASSES, (3, IMAGES))
    return tuple(Task(name=str(task), labels=row, num_classes=CLASSES) for task, row in enumerate(labels))


def assembled(num_tasks: int, weighting: Weighting, architecture: Architecture) -> Assembly:
    principal, *auxiliary = tasks()[:num_tasks]
    options = LearnOptions(
        architecture=architecture,
        backbone=SmallCNN(),
        weighting=weighting,
        corruption=NoCorruption(),
        augmentation=NoAugmentation(),
        steps=STEPS,
        batch_size=BATCH,
    )
    validation = (images(), principal.labels)
    return assemble(images(), principal, auxiliary, validation, options=options, seed=0, policy=POLICY)


def training(assembly: Assembly, steps: int = STEPS) -> Steps:
    options = FitOptions(steps=steps, learning_rate=1e-4, optimizer="adamw", weight_decay=5e-3)
    return partial(fit, assembly.module, assembly.train_step, options=options, policy=POLICY, seed=0)


@pytest.fixture(scope="module")
def single() -> Steps:
    """Single-task learning."""
    return training(assembled(1, Equal(), HardSharing()))


def weighted(name: str) -> tuple[Assembly, int]:
    """Return a training under a weighting with the fewest tasks that it takes, and their number."""
    try:
        weighting = weightings.get(name)()
    except MissingExtraError as refusal:
        pytest.skip(str(refusal))
    if isinstance(weighting, Tuned):
        weighting = weighting.candidates()[0]
    try:
        return assembled(2, weighting, HardSharing()), 2
    except DataError:
        return assembled(3, weighting, HardSharing()), 3


def seconds(train: Steps) -> float:
    start = time.perf_counter()
    train()
    return time.perf_counter() - start


def measure(benchmark: BenchmarkFixture, train: Steps, single: Steps) -> list[float]:
    """Time a training in turn with single-task learning; return each round's ratio, none where benchmarks are off."""
    alone: list[float] = []
    benchmark.pedantic(  # type: ignore[no-untyped-call]  # the plugin has no types
        train, setup=lambda: alone.append(seconds(single)), rounds=ROUNDS, warmup_rounds=1
    )
    if benchmark.stats is None:
        return []
    taken: list[float] = benchmark.stats.stats.data
    ratios = [one / other for one, other in zip(taken, alone[-ROUNDS:], strict=True)]
    step = 1000 * median(taken) / STEPS
    benchmark.extra_info |= {"ratio_to_single_task": round(median(ratios), 2), "step_ms": round(step, 2)}
    return ratios


@pytest.mark.parametrize("name", weightings.names())
@pytest.mark.benchmark(group="stage three, weightings: 6 steps of 32 images")
def test_weighting(benchmark: BenchmarkFixture, name: str, single: Steps) -> None:
    assembly, num_tasks = weighted(name)
    ratios = measure(benchmark, training(assembly), single)
    benchmark.extra_info["tasks"] = num_tasks
    if ratios and name not in BEYOND:
        assert median(ratios) <= num_tasks + MOST_BEYOND_TASKS


@pytest.mark.parametrize("name", architectures.names())
@pytest.mark.benchmark(group="stage three, architectures: 6 steps of 32 images")
def test_architecture(benchmark: BenchmarkFixture, name: str, single: Steps) -> None:
    measure(benchmark, training(assembled(2, Equal(), architectures.get(name)())), single)


def plain() -> Steps:
    """The loop that most papers' code has, on the same net, optimiser and precision: no seeds, no checks, no history."""
    net = assembled(2, Equal(), HardSharing()).net.train()
    labels = [torch.from_numpy(task.labels) for task in tasks()[:2]]

    def train() -> None:
        optimizer = torch.optim.AdamW(net.parameters(), lr=1e-4, weight_decay=5e-3, fused=True)
        for _ in range(LONG):
            positions = torch.randint(IMAGES, (BATCH,))
            optimizer.zero_grad()
            with POLICY.autocast():
                logits = net(images().gather(positions))
            loss = sum(
                cross_entropy(one.float(), of[positions]) for one, of in zip(logits, labels, strict=True)
            )
            assert isinstance(loss, torch.Tensor)
            torch.autograd.backward(loss)
            optimizer.step()

    return train


def test_the_plain_sum_takes_little_more_than_a_plain_loop(capsys: pytest.CaptureFixture[str]) -> None:
    ours, other = training(assembled(2, Equal(), HardSharing()), LONG), plain()
    seconds(ours), seconds(other)
    ratio = median(seconds(ours) / seconds(other) for _ in range(ROUNDS))
    with capsys.disabled():
        print(f"\nstage three, plain sum of two losses: {ratio:.2f} times the plain loop")  # noqa: T201 - a benchmark tells its figure
    assert ratio <= MOST_OVER_PLAIN
