"""The image itself, made small: what is found without learning anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from detaux.core.bounds import check_range
from detaux.core.errors import DataError
from detaux.data.dataset import Dataset
from detaux.disentangle.linear import LinearModel
from detaux.disentangle.linear_method import LinearMethod
from detaux.disentangle.registry import disentanglers

_MOST_SIDE = 16
_CHANNELS = 3


@disentanglers.register(
    "pixels",
    summary="the image averaged over a grid of blocks, each value a subspace; a control that learns nothing",
    source="this suite",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Pixels(LinearMethod):
    """Averages each channel over `side` x `side` blocks; decodes by painting each block in its average.

    Subspace c * side^2 + row * side + column is a channel of a block, but for the one that is put first.
    """

    side: int = 4
    """Blocks along each edge, 1 to 16, a divisor of height and width; K is 3 * side * side."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        check_range("side", self.side, 1, _MOST_SIDE)

    @property
    def subspaces(self) -> int:
        """K, a subspace for each block and channel."""
        return _CHANNELS * self.side**2

    def check_pairs(
        self, dataset: Dataset, pool: NDArray[np.int64], labels: NDArray[np.int64], principal: Sequence[str]
    ) -> None:
        """Refuse no pool: images are not looked at; see `Method.check_pairs`."""

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that blocks fill the images; see `Method.check_image`."""
        LinearMethod.check_image(self, image_shape)
        height, width, _ = image_shape
        if height % self.side or width % self.side:
            raise DataError(
                f"{self.side} blocks do not fill images of {height} x {width} pixels; set side to a divisor, or image_size"
            )

    def _fill(
        self,
        model: LinearModel,
        dataset: Dataset,
        index: NDArray[np.int64],  # noqa: ARG002 - nothing is learnt
        seed: int,  # noqa: ARG002 - as above
    ) -> None:
        height, width, _ = dataset.image_shape
        grids = torch.eye(self.subspaces).view(-1, _CHANNELS, self.side, self.side)
        painted = functional.interpolate(grids, size=(height, width), mode="nearest").flatten(1)
        model.decoder.copy_(painted)
        model.encoder.copy_(painted.T / painted.sum(1))
