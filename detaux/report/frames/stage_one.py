"""How disentangled each stage-one model is: a row a model, however many runs use it."""

from __future__ import annotations

import pandas as pd

from detaux.report.frames.runs import score_of
from detaux.report.labels import label_runs
from detaux.report.metric_titles import is_of_codes
from detaux.report.results import Results


def disentanglement_frame(results: Results) -> pd.DataFrame:
    """Return the measured scores of every stage-one model, the ones not trained yet included.

    Returns:
        `model` (key of its `disentangle` job), `data`, `options` (what the suite varies of stage one),
        `runs` (how many use it), `repetitions` (texts: which of them), `reconstruction_error` (mean squared error
        on validation images), and a column for each score of stage `measure` that is of the codes.
    """
    runs = label_runs(results)
    errors = score_of(results.scores, "disentangle", "validation", "reconstruction_error")
    measured = codes_scores(results)
    runs = runs[runs["disentangle_key"].notna()].join(measured, on="run_id")
    runs = runs.assign(reconstruction_error=runs["run_id"].map(errors).astype(float))
    models = runs.groupby("disentangle_key", sort=False)
    described = models.agg(
        data=("data", "first"),
        options=("stage_one", "first"),
        runs=("run_id", "size"),
        repetitions=("repetition", listed_repetitions),
    )
    return described.join(models[["reconstruction_error", *measured.columns]].first()).reset_index(
        names="model"
    )


def codes_scores(results: Results) -> pd.DataFrame:
    """Return the scores of stage `measure` that are of the codes: a row a run, a column a score."""
    scores = results.scores
    chosen = scores[(scores["stage"] == "measure") & scores["name"].map(is_of_codes)]
    return chosen.pivot_table(index="run_id", columns="name", values="value", aggfunc="first")


def listed_repetitions(repetitions: pd.Series[int]) -> str:
    """List repetitions once each, in order."""
    return ", ".join(str(value) for value in sorted(repetitions.unique()))
