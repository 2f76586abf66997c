"""Computing a metric by its name."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from numpy.typing import NDArray

from detaux.metrics.inputs import check_seed
from detaux.metrics.registry import judged, metrics
from detaux.metrics.threads import granted_threads


def compute_metric(
    name: str,
    codes: NDArray[Any] | Sequence[NDArray[Any]],
    factors: NDArray[Any] | None = None,
    *,
    seed: int = 0,
) -> dict[str, float]:
    """Compute the scores of one metric.

    Args:
        name: A registered name; `detaux list metrics` shows them.
        codes: What is judged. For measures of disentanglement codes, shape (N, D) or (N, K, D), float: with K axes
            there are scores of subspaces as blocks beside those of single coordinates; for `udr` such codes of
            several models. For `silhouette` codes (N, D), for `agreement` clusters (N,), for `accuracy`, `macro_f1`
            and `worst_group` predictions (N,).
        factors: What it is held against: factor values (N, F), int, clusters, reference or labels (N,), or labels
            beside groups (N, 1 + G); nothing for metrics of codes alone.
        seed: Seed of what the metric draws: samples, halves, trees; not negative.

    Returns:
        Scores by name. One that cannot be had from these arrays is absent.

    Raises:
        UnknownNameError: If no metric has that name; near misses are named.
        TypeError: If the name is no string, `codes` or `factors` no array, or there is one where two are taken.
        ValueError: If shapes do not fit, codes are not real and finite, what should be classes or clusters is not
            of an integer type, or the seed is no integer or negative.

    Example:
        >>> import numpy as np
        >>> compute_metric("accuracy", np.array([0, 1, 1, 2]), np.array([0, 1, 2, 2]))
        {'accuracy': 0.75}
    """
    if not isinstance(name, str):
        raise TypeError(f"name must be the name of a metric, found {name!r}")
    wanted, arrays = judged(name), (codes,) if factors is None else (codes, factors)
    if len(arrays) != len(wanted):
        found = "1 argument" if len(arrays) == 1 else "2 arguments"
        raise TypeError(f"{name} takes {' and '.join(wanted)}, found {found} before the seed")
    return metrics.get(name)(*arrays, seed=check_seed(seed))


def compute_metrics(
    names: Sequence[str], codes: NDArray[Any], factors: NDArray[Any], *, seed: int = 0
) -> dict[str, float]:
    """Compute the scores of several metrics of codes, some at once: as many as there are cores, and threads granted.

    How many are computed at once changes no score.

    Args:
        names: Registered names of metrics of codes, against factors or alone.
        codes: Shape (N, D) or (N, K, D), float.
        factors: Factor values, shape (N, F), int.
        seed: Seed of what each metric draws; not negative.

    Returns:
        All their scores by name, in the order of the names.

    Raises:
        UnknownNameError, TypeError, ValueError: As `compute_metric`.
    """
    arrays = {"codes": codes, "factors": factors}

    def scores(name: str) -> dict[str, float]:
        return compute_metric(name, *(arrays[array] for array in judged(name)), seed=seed)

    with ThreadPoolExecutor(granted_threads(max(1, len(names)))) as pool:
        return {score: value for found in pool.map(scores, names) for score, value in found.items()}
