"""Classes of the principal task that a split has no image of."""

from __future__ import annotations

import pandas as pd

from detaux.report.frames.runs import score_of
from detaux.report.wording import count


def say_missing_classes(runs: pd.DataFrame, scores: pd.DataFrame) -> list[str]:
    """Tell of classes that training images have and those of validation or test lack.

    Args:
        runs: What `runs_frame` returned.
        scores: As in `Results`.

    Returns:
        A sentence an experiment and part; none where nothing is missing.
    """
    return [sentence for part in ("validation", "test") for sentence in _say(part, runs, scores)]


def _say(part: str, runs: pd.DataFrame, scores: pd.DataFrame) -> list[str]:
    missing = runs["run_id"].map(score_of(scores, "learn", part, "missing_classes")).dropna().astype(int)
    most = missing.groupby(runs["experiment"], sort=False).max()
    return [
        f"{experiment}: the {part} split has no image of {count(number, 'class', 'classes')} that training images have."
        for experiment, number in most.items()
    ]
