"""What is learnt: a task."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import check_rank
from detaux.core.errors import DataError, NoAuxiliaryTaskError

if TYPE_CHECKING:  # so that listing names does not load torch
    from detaux.learn.targets.base import Targets

UNLABELLED = -1
"""Label of an image that a task leaves out of its loss."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOut:
    """Images that were not trained on, as a task asks about them."""

    labels: NDArray[np.int64]
    """Class index of each validation image (M,), or -1 where it has none."""
    quarters: int = 0
    """By how many quarters the images are turned against the clock before they are asked about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnyTask(ABC):
    """Something to classify images by."""

    name: str
    """What it is called: `principal`, `discovered`, `object_hue`."""
    num_classes: int
    """Number of classes, at least 2; not all of them need occur."""

    def __post_init__(self) -> None:
        """Check the number of classes.

        Raises:
            ValueError: If there are fewer than 2.
        """
        if self.num_classes < 2:  # noqa: PLR2004 - one class leaves nothing to learn
            raise ValueError(f"task {self.name!r} needs at least 2 classes, but has {self.num_classes}")

    @abstractmethod
    def targets(self, *, seed: int) -> Targets:
        """Make what tells each batch's classes, on the CPU; draws of its own come from the seed of the run."""

    def held_out(self, num_images: int) -> Sequence[HeldOut]:
        """Return what tells how well the task was learnt, of M validation images; nothing where nothing does."""
        del num_images
        return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Task(AnyTask):
    """A classification of the training images by labels that are there before training."""

    labels: NDArray[np.int64]
    """Class index of each training image (N,), or -1 where the task leaves it out."""
    validation: NDArray[np.int64] | None = None
    """Class index of each validation image (M,), or -1 where it has none; None where the task has none for any.

    Nothing is trained or chosen by these: they tell how well the task was learnt.
    """

    def __post_init__(self) -> None:
        """Check the labels against the number of classes.

        Raises:
            DataError: If there are more classes than images.
            ValueError: If labels are not (N,) with N above 0, or lie outside [-1, num_classes), or there are
                fewer than 2 classes.
        """
        AnyTask.__post_init__(self)
        check_rank(f"labels of task {self.name!r}", self.labels, 1)
        if not len(self.labels):
            raise ValueError(f"task {self.name!r} has no images")
        lowest, highest = int(self.labels.min()), int(self.labels.max())
        if lowest < UNLABELLED or highest >= self.num_classes:
            raise ValueError(
                f"labels of task {self.name!r} must lie in [-1, {self.num_classes}), but span {lowest} to {highest}"
            )
        check_classes(self, len(self.labels))

    def targets(self, *, seed: int) -> Targets:
        """Make a table of the labels; see `AnyTask.targets`."""
        from detaux.learn.targets.base import FixedTargets

        del seed
        return FixedTargets(self.labels)

    def held_out(self, num_images: int) -> Sequence[HeldOut]:
        """Return the validation labels, if there are any; see `AnyTask.held_out`."""
        del num_images
        if self.validation is None or not (self.validation != UNLABELLED).any():
            return ()
        return (HeldOut(labels=self.validation),)


def check_classes(task: AnyTask, num_images: int) -> None:
    """Check that a task has no more classes than there are labelled images.

    Raises:
        DataError: If it has.
    """
    if task.num_classes > num_images:
        raise DataError(
            f"task {task.name!r} has {task.num_classes} classes for {num_images} images; take more images"
            " (train_size), or fewer classes (larger clusters)"
        )


def loss_names(num_tasks: int) -> list[str]:
    """Return what the history calls the loss of each task: `principal`, `auxiliary`, `auxiliary_2`, ..."""
    return ["principal", "auxiliary", *(f"auxiliary_{task}" for task in range(2, num_tasks))][:num_tasks]


def check_occurring(tasks: Sequence[AnyTask]) -> None:
    """Check that two classes or more of each task occur among the labelled images.

    Raises:
        NoAuxiliaryTaskError: If not: there would be nothing to learn.
    """
    for task in tasks:
        if not isinstance(task, Task):
            continue
        occurring = np.unique(task.labels[task.labels != UNLABELLED])
        if len(occurring) < 2:  # noqa: PLR2004 - one class leaves nothing to learn
            raise NoAuxiliaryTaskError(
                f"of the {task.num_classes} classes of task {task.name!r}, {len(occurring)} occur among the"
                f" {len(task.labels)} labelled images, and a task needs 2; take more images (train_size)"
            )
