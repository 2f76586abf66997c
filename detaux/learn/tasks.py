"""What is learnt: a task, and what an auxiliary task may be made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import check_rank

UNLABELLED = -1
"""Label of an image that a task leaves out of its loss."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A classification of the training images."""

    name: str
    """What the history calls its loss: `principal`, `discovered`, `object_hue`."""
    labels: NDArray[np.int64]
    """Class index of each training image (N,), or -1 where the task leaves it out."""
    num_classes: int
    """Number of classes, at least 2; not all of them need occur."""

    def __post_init__(self) -> None:
        """Check the labels against the number of classes.

        Raises:
            ValueError: If labels are not (N,) with N above 0, or lie outside [-1, num_classes), or there are
                fewer than 2 classes.
        """
        check_rank(f"labels of task {self.name!r}", self.labels, 1)
        if self.num_classes < 2:  # noqa: PLR2004 - one class leaves nothing to learn
            raise ValueError(f"task {self.name!r} needs at least 2 classes, but has {self.num_classes}")
        if not len(self.labels):
            raise ValueError(f"task {self.name!r} has no images")
        lowest, highest = int(self.labels.min()), int(self.labels.max())
        if lowest < UNLABELLED or highest >= self.num_classes:
            raise ValueError(
                f"labels of task {self.name!r} must lie in [-1, {self.num_classes}), but span {lowest} to {highest}"
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
    discovered: NDArray[np.int64] | None
    """Labels that stage two found (N,), -1 where it leaves an image out; None where stage two was not run."""
    num_discovered: int
    """Number of classes that stage two found; 0 where it was not run."""
    seed: int
    """Seed of the run, from which draws are derived by name."""

    def discovered_labels(self) -> NDArray[np.int64]:
        """Return the labels that stage two found (N,).

        Raises:
            ValueError: If stage two was not run.
        """
        if self.discovered is None:
            raise ValueError("this auxiliary task needs the labels of stage two, but none were given")
        return self.discovered
