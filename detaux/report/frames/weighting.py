"""What the weightings tell of themselves: the weights they chose, and solvers that failed."""

from __future__ import annotations

import pandas as pd

from detaux.report.labels import LABELS, label_runs
from detaux.report.results import Results

_PREFIX = "weighting."
_NAMES = {"median": "", "min": "lowest ", "max": "highest "}


def weighting_points(results: Results) -> pd.DataFrame:
    """Return every score of a weighting, a row a run and score: `row`, those of `LABELS`, `run_id`, `score`, `value`."""
    scores = results.scores
    told = scores[
        (scores["stage"] == "learn") & scores["name"].str.startswith(_PREFIX) & scores["value"].notna()
    ]
    told = told.assign(score=told["name"].str.removeprefix(_PREFIX), value=told["value"].astype(float))
    labels = label_runs(results)[["row", *LABELS, "run_id"]]
    return labels.merge(told[["run_id", "score", "value"]], on="run_id")


def weighting_frame(results: Results) -> pd.DataFrame:
    """Summarise the scores of the weightings over the runs of each arm and setting that keeps some.

    Returns:
        `row`, those of `LABELS`, `runs` (that told scores), and for each score its median, called as the score, with
        `lowest <score>` and `highest <score>`; null where an arm does not have it.
    """
    points = weighting_points(results)
    wide = points.pivot_table(
        index=["row", *LABELS], columns="score", values="value", aggfunc=["median", "min", "max"]
    )
    wide.columns = pd.Index([f"{_NAMES[name[0]]}{name[1]}" for name in wide.columns])
    runs = points.groupby(["row", *LABELS])["run_id"].nunique().rename("runs")
    return runs.to_frame().join(wide).reset_index()
