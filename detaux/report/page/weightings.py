"""What a reader must know of weightings that did not do what they say in every step."""

from __future__ import annotations

import pandas as pd

from detaux.report.labels import LABELS
from detaux.report.wording import count, show_setting

_FAILURES = "solver_failures_mean_taken"


def say_solver_failures(told: pd.DataFrame) -> list[str]:
    """Warn of every arm whose weighting had to do without its solver in some steps.

    Args:
        told: What `weighting_points` returned.

    Returns:
        A sentence an experiment, arm and setting; none where no solver failed.
    """
    counts = told[told["score"] == _FAILURES]
    return [sentence for _, part in counts.groupby(["row", *LABELS]) for sentence in _say(part)]


def _say(part: pd.DataFrame) -> list[str]:
    failed, first = part[part["value"] > 0], part.iloc[0].to_dict()
    if failed.empty:
        return []
    where = f"{first['experiment']}, {show_setting(first)}"
    steps = f"{count(int(failed['value'].sum()), 'step')} of {len(failed)} of {count(len(part), 'run')}"
    failure = f"the weighting's solver failed in {steps}, which took the mean of the tasks' gradients instead"
    return [f"{where}: {failure}."]
