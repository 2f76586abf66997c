"""Means, intervals and tests of paired differences, as the metrics room computes them, on columns of a frame."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from detaux.core.seeding import derive_seed
from detaux.metrics.intervals import Interval, mean_interval, spearman_interval
from detaux.metrics.significance import holm as correct_by_holm
from detaux.metrics.significance import sign_flip_test, smallest_p
from detaux.report.wording import is_null

_NOTHING_KNOWN = {
    **dict.fromkeys(("n", "models", "units", "wins", "ties", "losses"), 0),
    **dict.fromkeys(("gain_points", "gain_low", "gain_high", "p", "smallest_p", "harmed_share"), np.nan),
    **dict.fromkeys(("shared_models", "conditional"), False),
    "interval_method": "no interval: no runs",
}


def estimate_mean(values: pd.Series[float], *, names: tuple[str, ...]) -> dict[str, Any]:
    """Return `n`, `mean`, `low` and `high` of the values that are there: a 95 % interval, null under three.

    Args:
        values: One a run, null where there is none.
        names: Name the draws of the bootstrap.
    """
    known = values.dropna().to_numpy(float)
    if not len(known):
        return {"n": 0, "mean": np.nan, "low": np.nan, "high": np.nan}
    found = mean_interval(known, seed=derive_seed("report", *names))
    return {"n": found.n, "mean": found.estimate, "low": _number(found.low), "high": _number(found.high)}


def estimate_difference(
    values: pd.Series[float], models: pd.Series[str], *, names: tuple[str, ...]
) -> dict[str, Any]:
    """Say what paired differences show.

    Runs that share a stage-one model are no independent evidence: the bootstrap draws models first, and the test
    flips the signs of a model's runs together. With one or two models neither can say anything of other models:
    then both are of runs, given these models, and `conditional` is set.

    Args:
        values: A difference a run, in points, null where a run or its partner has no score.
        models: Key of the stage-one model of each run, null where it has none.
        names: Name the draws of the bootstrap and the test.

    Returns:
        `n` (differences that are there), `models` (distinct stage-one models behind them), `shared_models`
        (whether several runs share one), `conditional`, `units` (what the test takes as independent),
        `gain_points` (the mean), `gain_low`, `gain_high` (95 % interval, null under three), `interval_method`,
        `p` (two-sided sign-flip test, null without an interval), `smallest_p` (the least that the test can give with
        these units, null with `p`), `wins`, `ties`, `losses`, and `harmed_share` (of losses, in [0, 1]).
    """
    there = values.dropna()
    if there.empty:
        return dict(_NOTHING_KNOWN)
    known, seed = there.to_numpy(float), derive_seed("report", *names)
    clusters = [model if not is_null(model) else f"run {run}" for run, model in models[there.index].items()]
    found = mean_interval(known, clusters=clusters, seed=seed)
    together = None if found.conditional else clusters
    units = found.n if together is None else found.clusters
    return {
        "n": found.n,
        "models": models[there.index].nunique(),
        "units": units,
        "wins": int((known > 0).sum()),
        "ties": int((known == 0).sum()),
        "losses": int((known < 0).sum()),
        "gain_points": found.estimate,
        "gain_low": _number(found.low),
        "gain_high": _number(found.high),
        "p": np.nan if found.low is None else sign_flip_test(known, clusters=together, seed=seed),
        "smallest_p": np.nan if found.low is None else smallest_p(units),
        "harmed_share": float((known < 0).mean()),
        "shared_models": found.clusters < found.n,
        "conditional": found.conditional,
        "interval_method": found.method,
    }


def estimate_rank_correlation(points: pd.DataFrame, *, names: tuple[str, ...]) -> dict[str, Any]:
    """Return `rho`, `rho_low`, `rho_high`: Spearman's correlation of `value` and `gain_points`.

    Args:
        points: Runs with `value`, `gain_points` and `group`, which is drawn as a whole in the bootstrap.
        names: Name the draws of the bootstrap.
    """
    found = _rank_correlation(
        tuple(points["value"]),
        tuple(points["gain_points"]),
        tuple(points["group"]),
        derive_seed("report", *names),
    )
    return {"rho": found.estimate, "rho_low": _number(found.low), "rho_high": _number(found.high)}


def holm(p: pd.Series[float]) -> pd.Series[float]:
    """Return Holm's correction of the p values that are there, over all of them."""
    known = p.dropna().astype(float)
    return pd.Series(correct_by_holm(list(known)), index=known.index, dtype=float).reindex(p.index)


@lru_cache(maxsize=256)
def _rank_correlation(
    values: tuple[float, ...], gains: tuple[float, ...], groups: tuple[int, ...], seed: int
) -> Interval:
    """Remember what takes a second: the table, the figure and its description ask for the same."""
    return spearman_interval(np.asarray(values), np.asarray(gains), clusters=groups, seed=seed)


def _number(value: float | None) -> float:
    return np.nan if value is None else value
