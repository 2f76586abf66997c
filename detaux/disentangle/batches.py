"""Batches of pairs for stage one, each a function of the seed and the step alone.

Pairs are drawn for a block of batches at once, from one generator: drawing takes many small operations, however few pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from detaux.core.seeding import derive_seed
from detaux.data.corrupting import Corruption
from detaux.data.noisy import noisy_batch
from detaux.data.pairs import PairSampler
from detaux.data.staging import stage
from detaux.disentangle.base import StageOneData

_BLOCK = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """What one step sees; methods that know no pairs see 2B images."""

    images: Tensor
    """The first images of all pairs, then the second: (2B, 3, H, W), float in [0, 1]."""
    positions: Tensor
    """Which image of the pool each is, (2B,), long."""
    labels: Tensor
    """Their principal labels, (2B,), long."""
    drawn: Tensor
    """Which of the K * B mixtures are made: k * B + pair, (M,), long, none twice; the paper's M is 2B."""

    @property
    def differ(self) -> Tensor:
        """Whether the pair's principal labels differ: (B,), bool."""
        first, second = self.labels.chunk(2)
        return first != second


class PairBatches:
    """Draws batches of pairs from a pool of images held on the training device.

    Args:
        data: Where the images and labels are.
        pool: Index of the images to draw from, shape (N,).
        sampler: Draws positions into the pool.
        corruption: Noise put on the images, drawn anew whenever an image is drawn, twice in one batch too.
        pairs: B.
        mixtures: How many of the K * B mixtures are drawn.
        subspaces: K, of which the mixtures are drawn.
        device: Where batches go.
        seed_names: What the draws are named by, beside the number of the batch.
    """

    def __init__(
        self,
        data: StageOneData,
        pool: NDArray[np.int64],
        sampler: PairSampler,
        *,
        corruption: Corruption,
        pairs: int,
        mixtures: int,
        subspaces: int,
        device: torch.device,
        seed_names: tuple[str | int, ...],
    ) -> None:
        self._images = stage(data.dataset, pool, device)
        self._labels = torch.from_numpy(data.labels[pool]).to(device)
        self._sampler = sampler
        self._corruption = corruption
        self._pairs = pairs
        self._mixtures = mixtures
        self._subspaces = subspaces
        self._device = device
        self._seed_names = seed_names
        self._block: int | None = None
        self._draws: tuple[Sequence[Tensor], ...] = ()

    def draw(self, number: int) -> Batch:
        """Return the batch of a number, the same one whenever it is asked for."""
        block, place = divmod(number, _BLOCK)
        if block != self._block:
            self._block, self._draws = block, self._drawn_block(block)
        first, second, drawn = (draws[place] for draws in self._draws)
        positions = torch.cat([first, second])
        return Batch(
            images=noisy_batch(
                self._images,
                positions,
                self._corruption,
                seed=derive_seed(*self._seed_names, "noise"),
                occasions=number * len(positions) + torch.arange(len(positions)),
            ),
            positions=positions,
            labels=self._labels[positions],
            drawn=drawn,
        )

    def _drawn_block(self, block: int) -> tuple[Sequence[Tensor], ...]:
        """Return, for each batch of a block, the places of its first and second images, and its mixtures."""
        seed = derive_seed(*self._seed_names, "pairs", block)
        generator = torch.Generator().manual_seed(seed)
        first, second = self._sampler.sample(_BLOCK * self._pairs, generator)
        order = torch.rand((_BLOCK, self._subspaces * self._pairs), generator=generator).argsort(1)
        drawn = order[:, : self._mixtures].to(self._device)
        return torch.split(first, self._pairs), torch.split(second, self._pairs), drawn.unbind()
