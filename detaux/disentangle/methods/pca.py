"""Principal components of the pixels: what is found without a net."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from detaux.core.bounds import check_range
from detaux.core.errors import DataError
from detaux.core.seeding import derive_seed
from detaux.data.dataset import Dataset
from detaux.data.staging import stage
from detaux.disentangle.bounds import MOST_SUBSPACES
from detaux.disentangle.linear import LinearModel
from detaux.disentangle.linear_method import LinearMethod, num_sampled
from detaux.disentangle.registry import disentanglers

_EXTRA, _ITERATIONS = 20, 8


@disentanglers.register(
    "pca",
    summary="the first K principal components of the pixels, each a subspace; a control without a net",
    source="Halko et al. 2011, arXiv:0909.4061, algorithm 5.1 after 4.4, as torch.svd_lowrank has it",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class PCA(LinearMethod):
    """Projects centred pixels on their K directions of most variance, found in at most 10,000 training images.

    Codes are not scaled to unit variance. Of the two signs of a direction, the one whose largest entry is positive is
    taken, so that devices agree.

    Source: Halko et al. 2011, arXiv:0909.4061: a random projection, K + 20 wide, sharpened by 8 power iterations.
    """

    subspaces: int = 10
    """K, 2 to 1,024, fewer than there are training images."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        check_range("subspaces", self.subspaces, 2, MOST_SUBSPACES)

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that the images are pictures with as many numbers as components; see `Method.check_image`."""
        LinearMethod.check_image(self, image_shape)
        if math.prod(image_shape) < self.subspaces:
            raise DataError(
                f"images of {math.prod(image_shape)} numbers have no {self.subspaces} components; write fewer subspaces"
            )

    def check_pairs(
        self,
        dataset: Dataset,
        pool: NDArray[np.int64],
        labels: NDArray[np.int64],  # noqa: ARG002 - the protocol's
        principal: Sequence[str],  # noqa: ARG002 - as above
    ) -> None:
        """Check that there are more images than components; see `Method.check_pairs`."""
        count = num_sampled(len(pool), dataset.image_shape)
        if count <= self.subspaces:
            raise DataError(
                f"{self.subspaces} principal components need more images, but {count} are looked at; "
                "write fewer subspaces"
            )

    def _fill(self, model: LinearModel, dataset: Dataset, index: NDArray[np.int64], seed: int) -> None:
        device = model.mean.device
        pixels = stage(dataset, index, device).gather(torch.arange(len(index))).flatten(1)
        model.mean.copy_(pixels.mean(0))
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(derive_seed("principal components", seed))
            directions = principal_directions(pixels.sub_(model.mean), self.subspaces)
        model.encoder.copy_(directions)
        model.decoder.copy_(directions.T)


def principal_directions(centred: Tensor, count: int) -> Tensor:
    """Return the directions of most variance, by falling variance, with draws from torch's global generator.

    Args:
        centred: Rows whose mean is 0, shape (n, P), float32.
        count: K.

    Returns:
        Orthonormal columns, shape (P, K).
    """
    width = min(count + _EXTRA, *centred.shape)
    _, _, directions = torch.svd_lowrank(centred, q=width, niter=_ITERATIONS)
    directions = directions[:, :count]
    largest = directions.gather(0, directions.abs().argmax(0, keepdim=True))
    return directions * largest.sign()
