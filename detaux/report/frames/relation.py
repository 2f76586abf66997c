"""Does a run gain more where its stage-one model is more disentangled, or where its tasks conflict less?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from detaux.report.estimates import estimate_rank_correlation
from detaux.report.frames.runs import PRINCIPAL_SCORE, runs_frame
from detaux.report.metric_titles import CONFLICT, HEADLINES, by_rank, is_of_codes
from detaux.report.results import Results

MIN_GROUPS = 4
"""With fewer independent groups of runs no correlation is reported: it would rest on three points at most."""


def relation_points(results: Results, *, score: str = PRINCIPAL_SCORE) -> pd.DataFrame:
    """Return the gain of every run on discovered labels beside each score of its stage-one model, and its conflict.

    Returns:
        A row a run and metric: `experiment`, `arm`, `setting`, `repetition`, `run_id`, `model` (key of the
        `disentangle` job), `stage_one` (its varied options), `metric`, `value`, `gain_points`.
    """
    runs = runs_frame(results, score=score)
    columns = ["run_id", "experiment", "arm", "setting", "repetition", "stage_one", "gain_points"]
    runs = runs[(runs["role"] == "discovered") & runs["gain_points"].notna()]
    runs = runs[columns].assign(model=runs["disentangle_key"])
    return runs.merge(_measured(results.scores), on="run_id")


def relation_frame(results: Results, *, score: str = PRINCIPAL_SCORE) -> pd.DataFrame:
    """Correlate gain with each metric, for each experiment.

    Returns:
        A row an experiment and metric: `experiment`, `metric`, `runs`, `models` (distinct stage-one models),
        `groups` (see `independent_groups`), `enough` (whether these are `MIN_GROUPS` or more), and `rho`, `rho_low`,
        `rho_high`: Spearman's rank correlation with a 95 % interval from a bootstrap of the groups, null where there
        are not enough.
    """
    points = relation_points(results, score=score)
    order = [*points["experiment"].unique(), *by_rank(set(points["metric"]))]
    ranks: dict[Any, int] = {name: place for place, name in enumerate(order)}
    groups = points.groupby(["experiment", "metric"], sort=False)
    rows = [_row(part["experiment"].iloc[0], part["metric"].iloc[0], part) for _, part in groups]
    rows.sort(key=lambda row: (ranks[row["experiment"]], ranks[row["metric"]]))
    names = ["experiment", "metric", "runs", "models", "groups", "enough", "rho", "rho_low", "rho_high"]
    return pd.DataFrame(rows, columns=names)


def _measured(scores: pd.DataFrame) -> pd.DataFrame:
    """Return `run_id`, `metric` and `value` of the scores that are set beside gain."""
    names, stages = scores["name"], scores["stage"]
    of_model = (stages == "measure") & (names.map(is_of_codes) | names.isin(HEADLINES))
    of_run = (stages == "learn") & (names == CONFLICT)
    chosen = scores[(of_model | of_run) & scores["value"].notna()]
    return chosen.rename(columns={"name": "metric"})[["run_id", "metric", "value"]]


def independent_groups(points: pd.DataFrame) -> pd.Series[int]:
    """Return the group of each run: runs that share a stage-one model or a repetition are in one group.

    Runs of one repetition have their single-task score, from which the gain is counted, in common; runs of one model
    have their metrics in common. Neither are independent evidence.
    """
    groups = pd.Series(range(len(points)), index=points.index)
    while True:
        joined = groups.groupby(points["model"]).transform("min")
        joined = joined.groupby(points["repetition"]).transform("min")
        if joined.equals(groups):
            return groups
        groups = joined


def _row(experiment: str, metric: str, points: pd.DataFrame) -> dict[str, Any]:
    models = points["model"].nunique()
    groups = independent_groups(points)
    counts = {"runs": len(points), "models": models, "groups": groups.nunique()}
    row = {"experiment": experiment, "metric": metric, **counts}
    if counts["groups"] < MIN_GROUPS:
        return {**row, "enough": False, "rho": None, "rho_low": None, "rho_high": None}
    names = ("relation", experiment, metric)
    return {**row, "enough": True, **estimate_rank_correlation(points.assign(group=groups), names=names)}
