"""What an auxiliary task may be made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True, slots=True)
class AuxiliaryContext:
    """Facts about the labelled training images, and a seed."""

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
