"""What is learnt: a task, and what an auxiliary task may be made from."""

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
        if self.num_classes > len(self.labels):
            raise DataError(
                f"task {self.name!r} has {self.num_classes} classes for {len(self.labels)} images; take more images"
                " (train_size), or larger clusters"
            )

    def targets(self, *, seed: int) -> Targets:
        """Make a table of the labels; see `AnyTask.targets`."""
        from detaux.learn.targets.base import FixedTargets

        del seed
        return FixedTargets(self.labels)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class AuxiliaryContext:
    """What an auxiliary task may be made from: facts about the labelled training images, and a seed."""

    factors: NDArray[np.int64]
    """Ground-truth factors of the images (N, F), as class indices."""
    factor_names: Sequence[str]
    """Name of each factor (F,)."""
    factor_sizes: Sequence[int]
    """Number of values of each factor (F,)."""
    principal: Sequence[str]
    """Names of the factors that make the principal task."""
    labels: NDArray[np.int64]
    """Principal class index of each image (N,)."""
    num_classes: int
    """Number of principal classes."""
    discovered: NDArray[np.int64] | None
    """Labels that stage two found, a column a task (N, A), -1 where it leaves an image out; None where it was not run."""
    num_discovered: Sequence[int]
    """Number of classes of each task that stage two found (A,); empty where it was not run."""
    seed: int
    """Seed of the run, from which draws are derived by name."""
    factors_validation: NDArray[np.int64] | None = None
    """Ground-truth factors of the validation images (M, F), as class indices."""
    discovered_validation: NDArray[np.int64] | None = None
    """Labels that stage two gave the validation images (M, A), -1 where none; None where it was not run."""

    def discovered_labels(self) -> NDArray[np.int64]:
        """Return the labels that stage two found, a column a task (N, A).

        Raises:
            ValueError: If stage two was not run.
        """
        if self.discovered is None:
            raise ValueError("this auxiliary task needs the labels of stage two, but none were given")
        return self.discovered
