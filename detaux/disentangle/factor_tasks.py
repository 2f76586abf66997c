"""Many two-class tasks, each a function of a few factors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LEAST_SHARE, _MOST_SHARE = 0.25, 0.75


def draw_tasks(
    factors: NDArray[np.int64], *, tasks: int, factors_per_task: int, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Draw tasks: which side of a random plane an image's values lie on, in the space of one or a few factors.

    A plane, and not any set of values, so that one feature a factor is enough for all tasks: the order of a factor's
    values. Where it cuts is chosen so that about a quarter to three quarters of the images are positive.

    Args:
        factors: Class indices of N images, shape (N, F); at least one factor varies, others are left out.
        tasks: T.
        factors_per_task: The most factors of a task, at least 1; 1 to as many are drawn, all numbers alike.
        rng: Of the draws.

    Returns:
        Whether each image is positive, shape (N, T); neither class is empty. Images of equal factors have equal labels.
    """
    varying = factors[:, np.ptp(factors, axis=0) > 0].astype(np.float64)
    values = (varying - varying.mean(0)) / varying.std(0)
    return np.stack([_task(values, factors_per_task, rng) for _ in range(tasks)], axis=1)


def _task(values: NDArray[np.float64], most: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return the labels (N,) of one task from values (N, F) of the factors."""
    size = rng.integers(1, min(most, values.shape[1]) + 1)
    chosen = rng.choice(values.shape[1], size, replace=False)
    # Not a matrix product, whose last bits may depend on the row.
    scores = (values[:, chosen] * rng.normal(size=size)).sum(1)
    return np.asarray(scores > _cut(scores, rng.uniform(_LEAST_SHARE, _MOST_SHARE)))


def _cut(scores: NDArray[np.float64], share: float) -> float:
    """Return the middle of two neighbouring scores, the share of scores below it as close to `share` as can be."""
    levels, counts = np.unique(scores, return_counts=True)
    below = np.cumsum(counts[:-1]) / len(scores)
    place = np.abs(below - share).argmin()
    return float(levels[place] + levels[place + 1]) / 2
