"""Pairs that differ in exactly the factors of a set, drawn from the mates counted over a grid."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    num_firsts: Tensor
    """How many places have a mate in each set, shape (S,), long."""
    lone: Tensor
    """Places without a mate, set after set, ascending: each less those before it in its set, plus n times the set's."""
    device: torch.device | str
    """Where the places go."""

    @classmethod
    def of(
        cls,
        sizes: tuple[int, ...],
        pool: NDArray[np.int64],
        mates: NDArray[np.signedinteger[Any]],
        lone: Mapping[int, NDArray[np.int64]],
        chances: Mapping[int, float],
        *,
        device: torch.device | str,
    ) -> ExactPairs:
        """Make ready to draw; `mates` and `lone` are as `count_mates` returns them, `chances` those of sets to draw."""
        apart = [lone[changed] for changed in chances]
        keys = [places - np.arange(len(places)) + kind * len(pool) for kind, places in enumerate(apart)]
        images = torch.tensor(pool)
        place = torch.empty(math.prod(sizes), dtype=torch.long)
        return cls(
            sizes=sizes,
            pool=images,
            place=place.index_copy_(0, images, torch.arange(len(pool))),
            mates=torch.from_numpy(mates),
            sets=torch.tensor(list(chances)),
            chances=torch.tensor(list(chances.values())),
            num_firsts=torch.tensor([len(pool) - len(places) for places in apart]),
            lone=torch.from_numpy(np.concatenate(keys)),
            device=device,
        )

    def sample(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw pairs; see `PairSampler.sample`."""
        kind = torch.multinomial(self.chances, count, replacement=True, generator=generator)
        first = self._with_mate(kind, draw_below(self.num_firsts[kind], count, generator))
        image, rest = self.pool[first], self.sets[kind]
        for column in range(len(self.sizes)):
            moving = (rest >> column & 1).nonzero().squeeze(1)
            if len(moving):
                rest[moving] -= 1 << column
                image[moving] = self._moved(image[moving], rest[moving], column, generator)
        return first.to(self.device), self.place[image].to(self.device)

    def _with_mate(self, kind: Tensor, rank: Tensor) -> Tensor:
        """Return the place of a rank among those that have a mate in a set: one further for each lone one before."""
        num_lone = len(self.pool) - self.num_firsts
        passed = torch.searchsorted(self.lone, kind * len(self.pool) + rank, right=True)
        return rank + passed - (num_lone.cumsum(0) - num_lone)[kind]

    def _moved(self, image: Tensor, rest: Tensor, column: int, generator: torch.Generator) -> Tensor:
        """Give one factor another value, each as often as mates are left that differ in just the `rest`."""
        size, stride = self.sizes[column], math.prod(self.sizes[column + 1 :])
        own = (image // stride % size)[:, None]
        others = own + torch.arange(1, size)
        others.remainder_(size).sub_(own).mul_(stride).add_(image[:, None])
        up_to = self.mates[rest[:, None] // 2, others].cumsum(1, dtype=torch.int32)
        mate = draw_below(up_to[:, -1], len(image), generator)
        chosen = torch.searchsorted(up_to, mate[:, None].int(), right=True)
        return others.gather(1, chosen).squeeze(1)


def count_mates(
    sizes: tuple[int, ...], pool: NDArray[np.int64], numbers: range
) -> tuple[NDArray[np.signedinteger[Any]], dict[int, NDArray[np.int64]]]:
    """Count, for each set of factors and each image of a grid, the pool's images that differ from it in just that set.

    A set is a number whose bit f stands for factor f. Adding a factor to a set adds up the counts along it, less
    the image's own value.

    Args:
        sizes: Of the F factors, for N images in row-major order.
        pool: Index of the images that count, each once.
        numbers: How many factors may differ.

    Returns:
        Counts for the sets without factor 0 of fewer factors than the most allowed, shape (2^(F-1), N), in row s / 2
        for set s, the other rows 0, of the smallest type that holds them; and, for each set of a number allowed that
        some two images of the pool differ in, the places of the images without such a mate, ascending.
    """
    most = math.prod(max(size - 1, 1) for size in sizes[1:])
    mates = np.zeros((1 << (len(sizes) - 1), math.prod(sizes)), dtype=np.min_scalar_type(-most - 1))
    mates[0, pool] = 1
    lone: dict[int, NDArray[np.int64]] = {}
    for changed in range(1, 1 << len(sizes)):
        if changed.bit_count() <= numbers[-1]:
            rest = changed & (changed - 1)
            axis = (changed ^ rest).bit_length() - 1
            table = mates[rest // 2].reshape(sizes)
            counts = (table.sum(axis=axis, keepdims=True, dtype=np.int32) - table).ravel()
            if axis > 0 and changed.bit_count() < numbers[-1]:
                mates[changed // 2] = counts
            if changed.bit_count() in numbers and counts[pool].any():
                lone[changed] = np.flatnonzero(counts[pool] == 0)
    return mates, lone
