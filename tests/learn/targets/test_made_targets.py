from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.core.errors import DataError
from detaux.data.staging import ResidentImages
from detaux.learn.assembly import Assembly
from detaux.learn.auxiliary.noise import Noise
from detaux.learn.auxiliary.rotation import Rotation, RotationTask
from detaux.learn.batch import Batch
from detaux.learn.context import AuxiliaryContext
from detaux.learn.options import LearnOptions
from detaux.learn.registries import Auxiliary, auxiliary
from detaux.learn.targets.base import Target, Targets
from detaux.learn.targets.made import NoiseTargets, RotationTargets, turned
from detaux.learn.train import Learnt

SIDE = 16
SOURCES: list[Auxiliary] = [Rotation(), Noise()]


def batch(*numbers: int, epoch: int = 0, shape: tuple[int, int, int] = (3, 5, 5)) -> Batch:
    """Return images whose pixels are drawn from their numbers."""
    pictures = [torch.rand(shape, generator=torch.Generator().manual_seed(number)) for number in numbers]
    index = torch.tensor(numbers)
    return Batch(
        images=torch.stack(pictures),
        positions=index,
        labels=torch.zeros_like(index),
        index=index,
        epochs=torch.full_like(index, epoch),
    )


def made(source: Auxiliary, context: AuxiliaryContext, seed: int = 0) -> Targets:
    (task,) = source.tasks(context)
    return task.targets(seed=seed)


def named(source: Auxiliary) -> str:
    return type(source).__name__.lower()


def test_turns_as_numpy_does() -> None:
    images = batch(0, 1, 2, 3).images
    found = turned(images, torch.tensor([0, 1, 2, 3]))
    expected = [np.rot90(image.numpy(), turns, axes=(1, 2)) for turns, image in enumerate(images)]
    np.testing.assert_array_equal(found.numpy(), expected)


def test_rotation_shows_each_image_turned_as_told() -> None:
    upright = batch(*range(40))
    before = upright.images.clone()
    target = RotationTargets(seed=0)(upright)
    assert target.images is not None
    assert sorted(set(target.classes.tolist())) == [0, 1, 2, 3]
    assert torch.equal(target.images, turned(upright.images, target.classes))
    assert torch.equal(upright.images, before)


def test_rotation_refuses_what_is_not_square() -> None:
    for limited in (Rotation(), RotationTask(name="rotation", num_classes=4)):
        limited.check_image((6, 6, 3))
        with pytest.raises(DataError, match=r"these have 5 x 6 pixels; take another"):
            limited.check_image((5, 6, 3))


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_classes_are_equally_likely(source: Auxiliary, context: AuxiliaryContext) -> None:
    (task,) = source.tasks(context)
    classes = made(source, context)(batch(*range(2000), shape=(3, 2, 2))).classes
    counts = torch.bincount(classes, minlength=task.num_classes)
    assert len(counts) == task.num_classes
    expected = 2000 / task.num_classes
    assert ((counts - expected) ** 2 / expected).sum() < 30  # chi-square of at most 9 degrees: 1 in 2,000


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_classes_belong_to_image_epoch_and_seed(source: Auxiliary, context: AuxiliaryContext) -> None:
    def classes(*numbers: int, epoch: int = 0, seed: int = 0) -> Tensor:
        target: Target = made(source, context, seed)(batch(*numbers, epoch=epoch))
        return target.classes

    first = classes(*range(30))
    assert torch.equal(classes(*range(29, -1, -1)).flip(0), first)
    assert torch.equal(classes(7), first[7:8])
    for other in (classes(*range(30), epoch=1), classes(*range(30), seed=1), classes(*range(30, 60))):
        assert not torch.equal(other, first)


def test_noise_has_no_part_in_the_images() -> None:
    targets, pictures = NoiseTargets(10, seed=0), batch(*range(30))
    others = replace(pictures, images=pictures.images.flip(0))
    assert torch.equal(targets(pictures).classes, targets(others).classes)
    assert targets(pictures).images is None


@pytest.mark.parametrize("num_classes", [2, 9, 65_536])
def test_noise_stays_below_its_number_of_classes(num_classes: int) -> None:
    classes = NoiseTargets(num_classes, seed=0)(batch(*range(500), shape=(3, 1, 1))).classes
    assert 0 <= classes.min() <= classes.max() < num_classes


def test_rotation_and_noise_draw_apart(context: AuxiliaryContext) -> None:
    pictures = batch(*range(60))
    turns, noise = (made(source, context)(pictures).classes for source in (Rotation(), Noise(num_classes=4)))
    assert (turns == noise).float().mean() < 0.6


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_needs_no_discovery(source: Auxiliary) -> None:
    assert source.discovery is None
    assert auxiliary.get(named(source)) is type(source)


@pytest.mark.parametrize("num_classes", [1, 65_537])
def test_noise_refuses_numbers_of_classes_out_of_range(num_classes: int) -> None:
    with pytest.raises(ValueError, match="num_classes must be at least 2 and at most 65,536, but is"):
        Noise(num_classes=num_classes)


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_has_nothing_to_learn_and_nothing_to_remember(source: Auxiliary, context: AuxiliaryContext) -> None:
    assert not made(source, context).state_dict()
    assert not list(made(source, context).parameters())


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_targets_are_made_on_the_device_of_the_batch(source: Auxiliary, context: AuxiliaryContext) -> None:
    with FakeTensorMode(allow_non_fake_inputs=True):
        index = torch.arange(4, device="cuda")
        images = torch.zeros(4, 3, 5, 5, device="cuda")
        epochs = torch.zeros(4, dtype=torch.long)
        target = made(source, context)(
            Batch(images=images, positions=index, labels=index, index=index, epochs=epochs)
        )
    assert target.classes.device.type == "cuda"
    assert target.images is None or (target.images.device.type, target.images.shape) == ("cuda", images.shape)


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_trains_from_the_same_principal_loss_as_alone(
    source: Auxiliary, context: AuxiliaryContext, run: Callable[..., Learnt], options: LearnOptions
) -> None:
    single = replace(options, steps=1)
    alone, beside = run(options=single), run(*source.tasks(context), options=single)
    assert beside.history.losses[0]["principal"] == alone.history.losses[0]["principal"]
    losses: list[dict[str, Any]] = run(*source.tasks(context)).history.losses
    assert all(np.isfinite(row["auxiliary"]) for row in losses)


def test_turned_images_leave_running_statistics_alone(
    context: AuxiliaryContext, assembled: Callable[..., Assembly]
) -> None:
    statistics = []
    for tasks in ([], Rotation().tasks(context)):
        assembly = assembled(*tasks)
        assembly.step(0)
        statistics.append([value.clone() for value in assembly.net.buffers()])
    assert all(torch.equal(one, other) for one, other in zip(*statistics, strict=True))


def last_loss(
    source: Auxiliary, context: AuxiliaryContext, assembled: Callable[..., Assembly], steps: int = 60
) -> float:
    """Return the mean auxiliary loss of the last 10 steps on pictures that are darker at the bottom."""
    pixels = torch.linspace(200, 0, SIDE)[:, None, None].expand(60, SIDE, SIDE, 3).to(torch.uint8)
    assembly = assembled(*source.tasks(context), train=ResidentImages(pixels))
    optimizer = torch.optim.Adam(assembly.module.parameters(), lr=3e-3)
    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        losses.append(assembly.step(step)["auxiliary"].item())
        optimizer.step()
    return float(np.mean(losses[-10:]))


def test_rotation_can_be_learnt(context: AuxiliaryContext, assembled: Callable[..., Assembly]) -> None:
    assert last_loss(Rotation(), context, assembled) < 0.1 * np.log(4)


def test_noise_cannot(context: AuxiliaryContext, assembled: Callable[..., Assembly]) -> None:
    assert last_loss(Noise(num_classes=4), context, assembled) > 0.95 * np.log(4)
