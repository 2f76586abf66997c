"""Draws that keep the classes' shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError


def stratified_sample(labels: NDArray[np.int64], size: int, *, seed: int) -> NDArray[np.int64]:
    """Draw positions without replacement, each class within one of its exact share.

    Args:
        labels: Class of each candidate, shape (N,).
        size: How many to draw.
        seed: Of the draw.

    Returns:
        Positions in [0, N), ascending, shape (size,).

    Raises:
        DataError: If there are fewer than `size` candidates.
    """
    if size > len(labels):
        raise DataError(f"{size} images were asked for, but there are only {len(labels)}; ask for fewer")
    generator = np.random.default_rng(seed)
    order = np.lexsort((generator.random(len(labels)), labels))
    _, counts = np.unique(labels, return_counts=True)
    place_in_class = np.arange(len(labels)) - np.repeat(np.cumsum(counts) - counts, counts)
    quota = _shares(counts, size, generator)
    return np.sort(order[place_in_class < np.repeat(quota, counts)])


def part_off(
    pool: NDArray[np.int64], labels: NDArray[np.int64], share: float, *, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Part a pool in two, each class in proportion.

    Args:
        pool: Index of the images to part, ascending, shape (n,).
        labels: Class of every image of the data set, shape (N,).
        share: Of the pool that goes into the first part, in [0, 1], rounded to whole images.
        seed: Of the draw.

    Returns:
        The two parts of `pool`, each ascending.
    """
    taken = np.zeros(len(pool), dtype=bool)
    taken[stratified_sample(labels[pool], round(share * len(pool)), seed=seed)] = True
    return pool[taken], pool[~taken]


def _shares(counts: NDArray[np.int64], size: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Apportion `size` seats by largest remainder, ties by lot."""
    seats, remainder = np.divmod(counts * size, counts.sum())
    by_remainder = np.lexsort((generator.random(len(counts)), -remainder))
    seats[by_remainder[: size - seats.sum()]] += 1
    return np.asarray(seats, dtype=np.int64)
