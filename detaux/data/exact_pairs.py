"""Pairs that differ in exactly the factors of a set, drawn from the mates counted over a grid."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from detaux.data.groups import draw_below


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ExactPairs:
    """Draws for each pair a set of factors, a first image, and its mate's values one factor after another.

    Sets of factors are numbers; see `count_mates`.
    """

    sizes: tuple[int, ...]
    """Of the F factors."""
    pool: Tensor
    """Image at each place of the pool, shape (n,), long."""
    place: Tensor
    """Place of each image that is in the pool, shape (N,), long."""
    mates: Tensor
    """See `count_mates`."""
    sets: Tensor
    """The S sets of factors that may change, shape (S,), long."""
    chances: Tensor
    """Chance of each set, shape (S,)."""
    firsts: Tensor
    """Places that have a mate, set after set."""
    num_firsts: Tensor
    """How many of them each set has, shape (S,), long."""
    device: torch.device | str
    """Where the places go."""

    @classmethod
    def of(
        cls,
        sizes: tuple[int, ...],
        pool: NDArray[np.int64],
        mates: NDArray[np.int32],
        firsts: Mapping[int, NDArray[np.int32]],
        chances: Mapping[int, float],
        *,
        device: torch.device | str,
    ) -> ExactPairs:
        """Make ready to draw; `mates` and `firsts` are as `count_mates` returns them, `chances` those of sets to draw."""
        images = torch.tensor(pool)
        places = torch.empty(math.prod(sizes), dtype=torch.long)
        return cls(
            sizes=sizes,
            pool=images,
            place=places.index_copy(0, images, torch.arange(len(pool))),
            mates=torch.from_numpy(mates),
            sets=torch.tensor(list(chances)),
            chances=torch.tensor(list(chances.values())),
            firsts=torch.from_numpy(np.concatenate([firsts[changed] for changed in chances])),
            num_firsts=torch.tensor([len(firsts[changed]) for changed in chances]),
            device=device,
        )

    def sample(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw pairs; see `PairSampler.sample`."""
        kind = torch.multinomial(self.chances, count, replacement=True, generator=generator)
        start = self.num_firsts.cumsum(0)[kind] - self.num_firsts[kind]
        first = self.firsts[start + draw_below(self.num_firsts[kind], count, generator)].long()
        image, rest = self.pool[first], self.sets[kind]
        for column in range(len(self.sizes)):
            moving = (rest >> column & 1).nonzero().squeeze(1)
            if len(moving):
                rest[moving] -= 1 << column
                image[moving] = self._moved(image[moving], rest[moving], column, generator)
        return first.to(self.device), self.place[image].to(self.device)

    def _moved(self, image: Tensor, rest: Tensor, column: int, generator: torch.Generator) -> Tensor:
        """Give one factor another value, each as often as mates are left that differ in just the `rest`."""
        size, stride = self.sizes[column], math.prod(self.sizes[column + 1 :])
        own = (image // stride % size)[:, None]
        others = image[:, None] + ((own + torch.arange(1, size)) % size - own) * stride
        up_to = self.mates[rest[:, None] // 2, others].cumsum(1)
        mate = draw_below(up_to[:, -1], len(image), generator)
        chosen = torch.searchsorted(up_to, mate[:, None], right=True)
        return others.gather(1, chosen).squeeze(1)
