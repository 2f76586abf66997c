"""A toy problem: the principal class is the brightest channel, the auxiliary one the brightest corner."""

from collections.abc import Callable
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from detaux.data.augmentation.none import NoAugmentation
from detaux.data.corruption.salt_and_pepper import SaltAndPepper
from detaux.data.staging import Images, ResidentImages
from detaux.learn.architectures.hard_sharing import HardSharing
from detaux.learn.assembly import Assembly, assemble
from detaux.learn.context import AuxiliaryContext
from detaux.learn.options import LearnOptions
from detaux.learn.tasks import AnyTask, Task
from detaux.learn.train import Learnt, learn
from detaux.learn.weightings.equal import Equal
from detaux.models.backbones.small_cnn import SmallCNN
from detaux.train import loop
from detaux.train.policy import Policy

NUM_CHANNELS, NUM_CORNERS, SIDE = 3, 4, 16


def draw(channels: NDArray[np.int64], corners: NDArray[np.int64], seed: int) -> Images:
    pixels = np.random.default_rng(seed).integers(0, 60, (len(channels), SIDE, SIDE, 3), dtype=np.uint8)
    pixels[np.arange(len(channels)), :, :, channels] += 60
    half = SIDE // 2
    for image, corner in zip(pixels, corners, strict=True):
        row, column = divmod(int(corner), 2)
        image[row * half : (row + 1) * half, column * half : (column + 1) * half] += 60
    return ResidentImages(torch.from_numpy(pixels))


def combinations(num_images: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    numbers = np.arange(num_images)
    return numbers % NUM_CHANNELS, numbers // NUM_CHANNELS % NUM_CORNERS


@pytest.fixture(scope="session")
def train_images() -> Images:
    return draw(*combinations(60), seed=0)


@pytest.fixture(scope="session")
def principal() -> Task:
    return Task(name="channel", labels=combinations(60)[0], num_classes=NUM_CHANNELS)


@pytest.fixture(scope="session")
def corner() -> Task:
    return Task(name="corner", labels=combinations(60)[1], num_classes=NUM_CORNERS)


@pytest.fixture(scope="session")
def validation() -> tuple[Images, NDArray[np.int64]]:
    return draw(*combinations(36), seed=1), combinations(36)[0]


@pytest.fixture(scope="session")
def options() -> LearnOptions:
    return LearnOptions(
        architecture=HardSharing(),
        backbone=SmallCNN(widths=(8, 16), halvings=2),
        weighting=Equal(),
        corruption=SaltAndPepper(salt=0.05, pepper=0.05),
        augmentation=NoAugmentation(),
        steps=6,
        batch_size=16,
        learning_rate=3e-3,
        validate_every=3,
    )


@pytest.fixture(scope="session")
def run(
    train_images: Images, principal: Task, validation: tuple[Images, NDArray[np.int64]], options: LearnOptions
) -> Callable[..., Learnt]:
    """Return `learn` on the toy problem, for the auxiliary tasks given; anything else is a keyword."""

    def run(*auxiliary: AnyTask, **changes: Any) -> Learnt:
        policy = Policy(device=torch.device("cpu"), amp=False)
        given: dict[str, Any] = {"options": options, "seed": 0, "policy": policy}
        return learn(train_images, principal, auxiliary, validation, **given | changes)

    return run


@pytest.fixture(scope="session")
def assembled(
    train_images: Images, principal: Task, validation: tuple[Images, NDArray[np.int64]], options: LearnOptions
) -> Callable[..., Assembly]:
    """Return what `learn` trains on the toy problem, for the auxiliary tasks given; anything else is a keyword."""

    def assembled(*auxiliary: AnyTask, train: Images = train_images, **changes: Any) -> Assembly:
        policy = Policy(device=torch.device("cpu"), amp=False)
        given: dict[str, Any] = {"options": options, "seed": 0, "policy": policy}
        return assemble(train, principal, auxiliary, validation, **given | changes)

    return assembled


@pytest.fixture
def checkpoint_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the loop's clock run so fast that every step is worth a checkpoint."""
    monkeypatch.setattr(loop, "time", SimpleNamespace(monotonic=count(0, 100).__next__))


@pytest.fixture(scope="session")
def context() -> AuxiliaryContext:
    """Return what auxiliary tasks of the toy problem may be made from."""
    channels, corners = combinations(60)
    return AuxiliaryContext(
        factors=np.stack([channels, corners], axis=1),
        factor_names=("channel", "corner"),
        factor_sizes=(NUM_CHANNELS, NUM_CORNERS),
        principal=("channel",),
        labels=channels,
        num_classes=NUM_CHANNELS,
        discovered=None,
        num_discovered=(),
        seed=0,
    )
