"""Estimates with bootstrap intervals that say what they stand on.

Runs that share a stage-one job are not independent. They form a cluster, and an interval over clusters resamples
clusters first and runs within them second.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import check_finite, check_rank, check_same_length
from detaux.metrics.resampling import draw_rows, group_rows

Floats = NDArray[np.floating]
Statistic = Callable[[NDArray[np.int64], NDArray[np.bool_]], NDArray[np.float64]]

_LEVEL = 0.95
_RESAMPLES = 5_000
_LEAST = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """An estimate with its interval, if the data bear one."""

    estimate: float
    """The estimate from all runs; NaN where it is undefined."""
    low: float | None
    """Lower end of the nominal 95 % interval; None where the data bear none."""
    high: float | None
    """Upper end; None with `low`."""
    n: int
    """How many runs, or pairs of them."""
    clusters: int
    """How many clusters they come in; `n` where each run stands alone."""
    conditional: bool
    """True where the interval holds for these very clusters only, and says nothing of others."""
    method: str
    """How the interval came about, or why there is none: a phrase for a footnote."""


def mean_interval(values: Floats, *, clusters: Sequence[Hashable] | None = None, seed: int) -> Interval:
    """Estimate a mean, say of paired differences, with a 95 % percentile bootstrap interval.

    What the interval may claim depends on the number of clusters:

    - 3 or more: clusters are drawn with replacement, then runs within. It speaks of new clusters and new runs, and
      is a little wide, as both draws carry the spread of the runs.
    - 1 or 2, each of at least 3 runs: only runs are drawn, within their cluster. It speaks of new runs of the same
      clusters (say, of the same stage-one models); `conditional` is set and `method` says so.
    - otherwise there is none: fewer than 3 of anything show no spread.

    With few runs it is too narrow. Of normal values it held the mean in this share of cases (12,000 or more each):

    ===== ==== ==== ==== ==== ==== ==== ==== ====
    runs  3    4    5    6    8    10   20   30
    held  75 % 80 % 84 % 86 % 89 % 90 % 93 % 93 %
    ===== ==== ==== ==== ==== ==== ==== ==== ====

    Clusters of several runs count as one run each where runs differ mostly by cluster; else it holds the mean more
    often. Of two clusters of m runs, which are kept, it is as of 2 m - 2 runs.

    Args:
        values: One value a run, shape (N,), float, finite.
        clusters: What each run shares with others, such as the key of its stage-one job, N of them; None: nothing.
        seed: Seed of the draws.

    Raises:
        ValueError: If `values` is empty, has not 1 axis or is not finite, or lengths differ.

    Source: Efron 1979; Davison & Hinkley 1997, Section 3.8 (two-stage draws).
    """
    check_rank("values", values, 1)
    check_finite("values", values)

    def mean(rows: NDArray[np.int64], counts: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.asarray(np.sum(values[rows] * counts, axis=1) / counts.sum(axis=1))

    return _bootstrap(mean, len(values), clusters, seed)


def spearman_interval(
    x: Floats, y: Floats, *, clusters: Sequence[Hashable] | None = None, seed: int
) -> Interval:
    """Estimate Spearman's rank correlation with a 95 % percentile bootstrap interval.

    Clusters count as in `mean_interval`. Draws in which one side is constant have no correlation and are left out;
    if they are more than half of all, there is no interval.

    Args:
        x: One value a run, such as a disentanglement score, shape (N,), float, finite.
        y: Another value of the same run, such as its gain, shape (N,), float, finite.
        clusters: What each run shares with others, N of them; None: nothing.
        seed: Seed of the draws.

    Returns:
        The estimate in [-1, 1], NaN where x or y is constant, with its interval.

    Raises:
        ValueError: If an array is empty, has not 1 axis or is not finite, or lengths differ.

    Source: Spearman 1904; ties get their mean rank.
    """
    for name, values in (("x", x), ("y", y)):
        check_rank(name, values, 1)
        check_finite(name, values)
    check_same_length(x=x, y=y)

    def correlation(rows: NDArray[np.int64], counts: NDArray[np.bool_]) -> NDArray[np.float64]:
        kept = [row[count] for row, count in zip(rows, counts, strict=True)]
        return np.asarray([_spearman(x[row], y[row]) for row in kept])

    return _bootstrap(correlation, len(x), clusters, seed)


def _bootstrap(statistic: Statistic, count: int, clusters: Sequence[Hashable] | None, seed: int) -> Interval:
    clusters = range(count) if clusters is None else clusters
    if count == 0 or len(clusters) != count:
        raise ValueError(
            f"need as many clusters as values, and at least one, but found {len(clusters)} and {count}"
        )
    groups = group_rows(clusters)
    everything = np.arange(count)[None]
    estimate = float(statistic(everything, np.ones_like(everything, dtype=bool))[0])
    conditional = len(groups) < _LEAST
    low, high, method = None, None, _why_none(groups)
    if method is None:
        generator = np.random.default_rng(seed)
        rows, counts = draw_rows(groups, resamples=_RESAMPLES, keep_clusters=conditional, generator=generator)
        low, high, method = _percentiles(statistic(rows, counts), _how(groups, count))
    return Interval(
        estimate=estimate,
        low=low,
        high=high,
        n=count,
        clusters=len(groups),
        conditional=conditional and low is not None,
        method=method,
    )


def _percentiles(draws: NDArray[np.float64], method: str) -> tuple[float | None, float | None, str]:
    defined = draws[~np.isnan(draws)]
    if 2 * len(defined) < len(draws):
        return None, None, "no interval: undefined in more than half of the draws"
    low, high = np.quantile(defined, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return float(low), float(high), method


def _why_none(groups: Sequence[NDArray[np.int64]]) -> str | None:
    smallest, count = min(map(len, groups)), sum(map(len, groups))
    if count < _LEAST:
        return f"no interval: under {_LEAST} runs"
    if len(groups) < _LEAST and smallest < _LEAST:
        return f"no interval: under {_LEAST} clusters, and under {_LEAST} runs in one of them"
    return None


def _how(groups: Sequence[NDArray[np.int64]], count: int) -> str:
    if len(groups) == count:
        return f"95 % percentile bootstrap over {count} runs"
    if len(groups) < _LEAST:
        given = "this one cluster" if len(groups) == 1 else f"these {len(groups)} clusters"
        return f"95 % percentile bootstrap over {count} runs, given {given}: says nothing of others"
    return f"95 % percentile bootstrap over {len(groups)} clusters of {count} runs, then runs within"


def _spearman(x: Floats, y: Floats) -> float:
    ranks_x, ranks_y = _ranks(x), _ranks(y)
    spread = ranks_x.std() * ranks_y.std()
    if spread == 0:
        return float("nan")
    return float(np.mean((ranks_x - ranks_x.mean()) * (ranks_y - ranks_y.mean())) / spread)


def _ranks(values: Floats) -> NDArray[np.float64]:
    """Return ranks from 1, ties sharing their mean."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[inverse])
