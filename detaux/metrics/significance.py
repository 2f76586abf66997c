"""Are paired differences more than chance, and how many comparisons were made?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import check_finite, check_rank
from detaux.metrics.resampling import group_rows

_MAX_EXACT = 14  # 2**14 patterns of signs
_DRAWS = 20_000
_ROUNDING = 1e-9  # of the summed sizes: patterns whose sums are equal but for rounding tie


def sign_flip_test(
    differences: NDArray[np.floating], *, clusters: Sequence[Hashable] | None = None, seed: int
) -> float:
    """Test whether paired differences centre on zero, by flipping their signs.

    If arms do not differ, each difference might as well have the other sign. The p-value is the share of patterns
    of signs whose sum is at least as far from 0 as the one observed: of all patterns up to 14 differences, of
    20,000 drawn ones and the observed one beyond. Runs of one cluster flip together, so the smallest possible
    p-value is 2 / 2**clusters: 0.25 with three seeds.

    Args:
        differences: One difference a pair, shape (N,), float, finite, symmetric about 0 if arms do not differ.
        clusters: What each pair shares with others, N of them; None: nothing.
        seed: Seed of drawn patterns.

    Returns:
        Two-sided p-value, in (0, 1].

    Raises:
        ValueError: If `differences` is empty, has not 1 axis or is not finite, or lengths differ.

    Source: Fisher 1935, The Design of Experiments, Section 21; Phipson & Smyth 2010 for drawn patterns.
    """
    check_rank("differences", differences, 1)
    check_finite("differences", differences)
    clusters = range(len(differences)) if clusters is None else clusters
    if len(clusters) != len(differences) or not len(differences):
        raise ValueError(
            f"need one cluster a difference, and at least one, but found {len(clusters)} and {len(differences)}"
        )
    sums = np.asarray([differences[rows].sum() for rows in group_rows(clusters)])
    threshold = abs(sums.sum()) - _ROUNDING * np.abs(sums).sum()
    if len(sums) <= _MAX_EXACT:
        return float(np.mean(np.abs(_all_signs(len(sums)) @ sums) >= threshold))
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(_DRAWS, len(sums)))
    return float((1 + np.sum(np.abs(signs @ sums) >= threshold)) / (1 + _DRAWS))


def smallest_p(clusters: int) -> float:
    """Return the smallest p-value that `sign_flip_test` can give: all differences of one sign.

    Args:
        clusters: How many flip apart from each other, at least 1.

    Returns:
        In (0, 1]: 0.25 of three clusters, 0.0625 of five.
    """
    return 2.0 ** (1 - clusters) if clusters <= _MAX_EXACT else 1 / (1 + _DRAWS)


def holm(p_values: Sequence[float]) -> NDArray[np.float64]:
    """Correct p-values for the number of tests, so that the chance of any false alarm keeps its level.

    Args:
        p_values: One a test, each in [0, 1].

    Returns:
        Corrected p-values in the same order, shape (len(p_values),), in [0, 1], none below its own.

    Raises:
        ValueError: If one is outside [0, 1] or NaN.

    Source: Holm 1979, Scand. J. Statist. 6.
    """
    values = np.asarray(p_values, dtype=np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError(f"p-values must be in [0, 1], but found {values.tolist()}")
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(len(values), 0, -1)
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return corrected


def _all_signs(count: int) -> NDArray[np.float64]:
    """Return all patterns of `count` signs, shape (2**count, count)."""
    bits = np.arange(2**count)[:, None] >> np.arange(count) & 1
    return np.asarray(1.0 - 2.0 * bits)
