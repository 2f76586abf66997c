"""What a pairing rule is: it draws the weak supervision pairs of stage one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import Field
from typing import Any, ClassVar, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from detaux.data.dataset import Dataset

Draw = Callable[[int, torch.Generator], tuple[Tensor, Tensor]]
"""Draws that many pairs of one kind: places of the first and of the second images, each (count,), long."""


class PairSampler(Protocol):
    """Draws pairs from one pool of images."""

    def sample(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw pairs of two different images.

        Args:
            count: How many pairs, B.
            generator: On the CPU, so that every device sees the same pairs.

        Returns:
            Places in the pool of the first and of the second images, each of shape (B,), long, on the
            sampler's device.
        """
        ...


class Pairing(Protocol):
    """A registered pairing rule: a frozen dataclass whose fields are the options a suite may write."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init__(self, **options: Any) -> None: ...

    def sampler(
        self,
        dataset: Dataset,
        pool: NDArray[np.int64],
        labels: NDArray[np.int64],
        *,
        principal: Sequence[str],
        principal_change_rate: float,
        device: torch.device | str,
    ) -> PairSampler:
        """Make ready to draw pairs whose images both lie in `pool`.

        Args:
            dataset: With N images.
            pool: Index of the images to draw from, shape (n,).
            labels: Principal class of every image, shape (N,).
            principal: Factors that make the principal class.
            principal_change_rate: Share of pairs whose principal classes differ, in [0, 1].
            device: Where the places are wanted.

        Raises:
            ValueError: If the rate is outside [0, 1].
            DataError: If the pool has no pair of a kind that the rate asks for.
        """
        ...
