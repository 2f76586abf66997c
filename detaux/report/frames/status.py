"""How the planned runs stand: counts, and each one that is not done with its reason."""

from __future__ import annotations

import pandas as pd

from detaux.report.frames.gain import STATUSES
from detaux.report.labels import label_runs
from detaux.report.results import Results


def status_frame(results: Results) -> pd.DataFrame:
    """Count the runs of every experiment and arm by status.

    Returns:
        `row`, `experiment`, `arm`, `setting`, `planned`, a count for each of `STATUSES`, and `seconds` (wall-clock,
        of stage three, summed over the runs; the stages that runs share are not in it).
    """
    runs = label_runs(results)
    groups = runs.groupby("row")
    counts = pd.crosstab(runs["row"], runs["status"]).reindex(columns=list(STATUSES), fill_value=0)
    described = groups.agg(
        experiment=("experiment", "first"),
        arm=("arm", "first"),
        setting=("setting", "first"),
        planned=("run_id", "size"),
    )
    return described.join(counts).join(groups["seconds"].sum()).reset_index()


def unfinished_frame(results: Results) -> pd.DataFrame:
    """Return every run that is not done: `run_id`, `experiment`, `arm`, `setting`, `repetition`, `status`, `reason`."""
    runs = label_runs(results)
    columns = ["run_id", "experiment", "arm", "setting", "repetition", "status", "reason"]
    return runs[runs["status"] != "done"][columns].reset_index(drop=True)
