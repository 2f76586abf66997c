"""Places gathered by a key, or mates counted over a grid, so that a mate is found without search."""

from __future__ import annotations

import math
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


def count_mates(
    sizes: tuple[int, ...], pool: NDArray[np.int64], numbers: range
) -> tuple[NDArray[np.int32], dict[int, NDArray[np.int32]]]:
    """Count, for each set of factors and each image of a grid, the pool's images that differ from it in just that set.

    A set is a number whose bit f stands for factor f. Adding a factor to a set adds up the counts along it, less
    the image's own value.

    Args:
        sizes: Of the F factors, for N images in row-major order.
        pool: Index of the images that count.
        numbers: How many factors may differ.

    Returns:
        Counts for the sets without factor 0, shape (2^(F-1), N), in row s / 2 for set s; and, for each set of a
        number allowed that some two images of the pool differ in, the places of such images.
    """
    mates = np.zeros((1 << (len(sizes) - 1), math.prod(sizes)), dtype=np.int32)
    mates[0, pool] = 1
    places: dict[int, NDArray[np.int32]] = {}
    for changed in range(1, 1 << len(sizes)):
        if changed.bit_count() <= numbers[-1]:
            rest = changed & (changed - 1)
            axis = (changed ^ rest).bit_length() - 1
            table = mates[rest // 2].reshape(sizes)
            counts = (table.sum(axis=axis, keepdims=True, dtype=np.int32) - table).ravel()
            if axis > 0:
                mates[changed // 2] = counts
            if changed.bit_count() in numbers and counts[pool].any():
                places[changed] = np.flatnonzero(counts[pool]).astype(np.int32)
    return mates, places
