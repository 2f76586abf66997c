"""The gain of every arm at every setting, with what is known of its certainty."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from detaux.report.estimates import estimate_difference, holm
from detaux.report.frames.runs import PRINCIPAL_SCORE, runs_frame
from detaux.report.results import Results

NO_TASK = "no_auxiliary_task"
"""Status of a run for which stage two found no auxiliary task."""
STATUSES = ("done", NO_TASK, "error", "skipped", "damaged", "missing")
"""How a planned run can stand."""


def gain_frame(results: Results, *, score: str = PRINCIPAL_SCORE) -> pd.DataFrame:
    """Compare every arm and setting with single-task learning, repetition by repetition.

    Args:
        results: The suite's results.
        score: As in `runs_frame`.

    Returns:
        A row an experiment, arm and setting, in the order to show them: `row` (its rank), `dataset`, `rendered`, `experiment`,
        `arm`, `setting`, `role`; `planned` and a count for each of `STATUSES`; `score_percent`, `score_sd` and
        `auxiliary_percent` (as in `runs_frame`, the mean);
        and of the gain what `estimate_difference` gives, all in points, with `p_holm`, corrected over every
        comparison of the frame. `counted_n`, `counted_points`, `counted_low` and `counted_high` are of the same gain
        with runs that found no task counted as gain 0, null where every run found one.
        A baseline is not compared with itself: its gains are null.
    """
    runs = runs_frame(results, score=score)
    frame = pd.DataFrame([_row(part) for _, part in runs.groupby("row")])
    return frame.assign(p_holm=holm(frame["p"]))


def _row(runs: pd.DataFrame) -> dict[str, Any]:
    first = runs.iloc[0]
    names = ["row", "dataset", "rendered", "experiment", "arm", "setting", "role"]
    gains = runs.iloc[:0] if first["role"] == "baseline" else runs
    return {
        **{name: first[name] for name in names},
        "planned": len(runs),
        **{status: int((runs["status"] == status).sum()) for status in STATUSES},
        "scored": int(runs["score_percent"].notna().sum()),
        "score_percent": runs["score_percent"].mean(),
        "score_sd": runs["score_percent"].std(),
        "auxiliary_percent": runs["auxiliary_percent"].mean(),
        **estimate_difference(gains["gain_points"], gains["disentangle_key"], names=_names(first)),
        **_counting_no_task(gains, _names(first)),
    }


def _counting_no_task(runs: pd.DataFrame, names: tuple[str, ...]) -> dict[str, Any]:
    """Estimate the gain with a run that found no task taken for what it then is, single-task learning."""
    none_found = (runs["status"] == NO_TASK) & runs["baseline_percent"].notna()
    if not none_found.any():
        return {"counted_n": 0, **dict.fromkeys(("counted_points", "counted_low", "counted_high"), math.nan)}
    gains = runs["gain_points"].mask(none_found, 0.0)
    found = estimate_difference(gains, runs["disentangle_key"], names=("counted", *names))
    return {
        "counted_n": found["n"],
        "counted_points": found["gain_points"],
        "counted_low": found["gain_low"],
        "counted_high": found["gain_high"],
    }


def _names(run: pd.Series[Any]) -> tuple[str, ...]:
    return "gain", run["experiment"], run["arm"], run["setting"]
