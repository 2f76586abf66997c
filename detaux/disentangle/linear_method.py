"""Disentanglers without a net or a training: linear maps, found at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from detaux.core.progress import Progress, silent
from detaux.core.seeding import derive_seed
from detaux.data.corrupting import Corruption
from detaux.data.corruption.none import NoCorruption
from detaux.data.dataset import Dataset
from detaux.data.pictures import check_pictures
from detaux.disentangle.base import StageOneData
from detaux.disentangle.linear import LinearArchitecture, LinearModel
from detaux.disentangle.ordering import put_principal_first
from detaux.train.history import History
from detaux.train.policy import Policy

_MOST_IMAGES = 10_000
_MOST_VALUES = 1 << 28


@dataclass(frozen=True, kw_only=True, slots=True)
class LinearMethod(ABC):
    """Options and fitting of a `LinearModel`; labels only say which subspace is put first."""

    @property
    def strength(self) -> float:
        """Always 0: there are no terms to scale."""
        return 0.0

    @property
    def latent_dim(self) -> int:
        """D: codes are scalars, each a subspace of its own."""
        return 1

    @property
    @abstractmethod
    def subspaces(self) -> int:
        """K."""

    def noise(self) -> Corruption:
        """Return no corruption: none is offered."""
        return NoCorruption()

    @abstractmethod
    def check_pairs(
        self, dataset: Dataset, pool: NDArray[np.int64], labels: NDArray[np.int64], principal: Sequence[str]
    ) -> None:
        """Check that there are images enough, as no pairs are drawn; see `Method.check_pairs`."""

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that the images are pictures; see `Method.check_image`."""
        check_pictures(image_shape, "stage one makes pictures, so leave out arms that need discovery")

    def fit(
        self,
        data: StageOneData,
        *,
        seed: int,
        policy: Policy,
        work: Path | None = None,  # noqa: ARG002 - there is nothing to resume
        progress: Progress = silent,
    ) -> tuple[LinearModel, History]:
        """Find the maps.

        Args:
            data: Images, split and principal labels.
            seed: Of the images that are looked at, where there are too many, and of what is drawn beside.
            policy: Device; codes are float32 on any.
            work: Not needed.
            progress: Told when the images are looked at.

        Returns:
            The model, on the policy's device and in eval mode, the subspace whose codes differ most between classes
            put first, and an empty history.

        Raises:
            DataError: If the images are embeddings, or of another size or number than the method takes.
        """
        self.check_image(data.dataset.image_shape)
        self.check_pairs(data.dataset, data.split.train, data.labels, data.principal)
        progress(0.0, "images")
        index = sample_of(data.split.train, data.dataset, seed=derive_seed("stage one images", seed))
        architecture = LinearArchitecture(image_shape=data.dataset.image_shape, subspaces=self.subspaces)
        model = architecture.build().to(policy.device).eval()
        with torch.no_grad():
            self._fill(model, data.dataset, index, seed)
            put_principal_first(model, data, index, self.noise(), seed=seed, policy=policy)
        return model, History()

    @abstractmethod
    def _fill(self, model: LinearModel, dataset: Dataset, index: NDArray[np.int64], seed: int) -> None:
        """Set the maps of a model from images of a data set, (n,)."""


def sample_of(pool: NDArray[np.int64], dataset: Dataset, *, seed: int) -> NDArray[np.int64]:
    """Return the images that the maps are found from, in order.

    Args:
        pool: Index of the training images, shape (N,).
        dataset: Whose image size counts.
        seed: Of the draw.

    Returns:
        All of them, or a draw of 10,000 or of as many as hold 2**28 numbers (1 GiB), if that is fewer; shape (n,).
    """
    count = num_sampled(len(pool), dataset.image_shape)
    drawn = np.random.default_rng(seed).permutation(len(pool))[:count]
    return pool[np.sort(drawn)]


def num_sampled(num_images: int, image_shape: tuple[int, int, int]) -> int:
    """Return how many of so many training images `sample_of` draws."""
    return min(num_images, _MOST_IMAGES, _MOST_VALUES // int(np.prod(image_shape)))
