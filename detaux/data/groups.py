"""Places gathered by a key, so that a mate is found without search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Groups:
    """N places of a pool laid out group by group, the groups of at least two first."""

    order: Tensor
    """Place at each slot of the layout, shape (N,), long."""
    group: Tensor
    """Group of each slot, shape (N,), long, ascending from 0."""
    start: Tensor
    """Slot where each of the G groups begins, shape (G,), long."""
    size: Tensor
    """Size of each group, shape (G,), long."""
    num_paired: int
    """How many slots, from the first on, are in groups of at least two."""

    @classmethod
    def by_key(cls, keys: NDArray[np.int64]) -> Groups:
        """Gather the places 0 to N - 1 by their keys, shape (N,)."""
        _, key, counts = np.unique(keys, return_inverse=True, return_counts=True)
        alone = counts[key] == 1
        order = np.lexsort((key, alone))
        begins = np.diff(key[order], prepend=-1) != 0
        start = np.flatnonzero(begins)
        return cls(
            order=torch.from_numpy(order),
            group=torch.from_numpy(np.cumsum(begins) - 1),
            start=torch.from_numpy(start),
            size=torch.from_numpy(np.diff(start, append=len(order))),
            num_paired=len(keys) - int(alone.sum()),
        )

    def draw_alike(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw two different places of the same group.

        The first is uniform among those that have a mate, the second among its mates. Needs `num_paired` above 0.

        Returns:
            First and second places, each of shape (count,), long.
        """
        slot = draw_below(self.num_paired, count, generator)
        start, size = self.start[self.group[slot]], self.size[self.group[slot]]
        step = 1 + draw_below(size - 1, count, generator)
        return self.order[slot], self.order[start + (slot - start + step) % size]

    def draw_unlike(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw two places of different groups, the second uniform among all places outside the first one's group.

        Needs two groups.

        Returns:
            First and second places, each of shape (count,), long.
        """
        num_places = len(self.order)
        slot = draw_below(num_places, count, generator)
        start, size = self.start[self.group[slot]], self.size[self.group[slot]]
        step = draw_below(num_places - size, count, generator)
        return self.order[slot], self.order[(start + size + step) % num_places]

    def draw_other_group(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw two places of different groups, the second one's group uniform among the others, then its place.

        Needs two groups.

        Returns:
            First and second places, each of shape (count,), long.
        """
        num_groups = len(self.start)
        slot = draw_below(len(self.order), count, generator)
        other = (self.group[slot] + 1 + draw_below(num_groups - 1, count, generator)) % num_groups
        mate = self.start[other] + draw_below(self.size[other], count, generator)
        return self.order[slot], self.order[mate]


def draw_below(bound: int | Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Draw whole numbers uniformly from [0, bound), shape (count,), long; `bound`, shape (count,), may vary."""
    share = torch.rand(count, generator=generator, dtype=torch.float64)
    return (share * bound).long() % bound
