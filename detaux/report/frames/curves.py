"""The course of the losses over the steps of stage three."""

from __future__ import annotations

import pandas as pd

from detaux.report.labels import LABELS, label_runs
from detaux.report.results import Results


def curve_frame(results: Results) -> pd.DataFrame:
    """Return the curves of labelled runs.

    Returns:
        `row`, those of `LABELS`, `repetition`, `run_id`, `step`, `term` (`principal`, `auxiliary`, `auxiliary_2`, ...,
        `gradient_cosine`, `gradient_ratio`) and `value`; no rows in results that hold no curves.
    """
    runs = label_runs(results)[["row", *LABELS, "repetition", "run_id"]]
    return runs.merge(results.curves, on="run_id")
