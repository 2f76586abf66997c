"""A row a run: its labels, its test score, and its gain over the single-task run of the same repetition."""

from __future__ import annotations

import pandas as pd

from detaux.report.labels import label_runs
from detaux.report.results import Results

PRINCIPAL_SCORE = "accuracy"
"""Score of the principal task that gains are taken of."""


def runs_frame(results: Results, *, score: str = PRINCIPAL_SCORE) -> pd.DataFrame:
    """Return the labelled runs with their scores and gains.

    A run is paired with the single-task run (auxiliary `none`) of its experiment and repetition; both were
    trained on the same images in the same order from the same initial weights. Where a suite has several such
    single-task runs, their mean counts.

    Args:
        results: The suite's results.
        score: Name of a score of stage `learn` on the test split, a fraction in [0, 1].

    Returns:
        The frame of `label_runs` with `score_percent`, `baseline_percent` and `gain_points`, null where a run or
        its partner has no score, and `auxiliary_percent` (accuracy of the auxiliary tasks on the validation split, their
        mean where there are several; null where validation images have no such labels).
    """
    runs = label_runs(results)
    runs["score_percent"] = runs["run_id"].map(100 * score_of(results.scores, "learn", "test", score))
    runs["auxiliary_percent"] = runs["run_id"].map(100 * _auxiliary_accuracy(results.scores))
    runs.loc[runs["status"] != "done", ["score_percent", "auxiliary_percent"]] = float("nan")
    pair = ["experiment", "repetition"]
    baseline = runs[runs["role"] == "baseline"].groupby(pair)["score_percent"].mean()
    runs = runs.join(baseline.rename("baseline_percent"), on=pair)
    return runs.assign(gain_points=runs["score_percent"] - runs["baseline_percent"])


def _auxiliary_accuracy(scores: pd.DataFrame) -> pd.Series[float]:
    is_auxiliary = scores["name"].str.fullmatch(r"auxiliary(_\d+)?_accuracy")
    chosen = is_auxiliary & (scores["stage"] == "learn") & (scores["split"] == "validation")
    return scores[chosen].astype({"value": float}).groupby("run_id")["value"].mean()


def score_of(scores: pd.DataFrame, stage: str, split: str, name: str) -> pd.Series[float]:
    """Return one score of every run that has it, by run id; the first, should it be there twice."""
    chosen = (scores["stage"] == stage) & (scores["split"] == split) & (scores["name"] == name)
    return scores[chosen].drop_duplicates("run_id").set_index("run_id")["value"].astype(float)
