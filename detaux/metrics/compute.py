"""Computing a metric by its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from detaux.metrics.inputs import check_seed
from detaux.metrics.registry import judged, metrics


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
