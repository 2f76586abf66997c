"""The gain of every arm in its worst group, with how many groups there are and how small the worst is."""

from __future__ import annotations

import pandas as pd

from detaux.report.frames.gain import gain_frame
from detaux.report.frames.runs import runs_frame, score_of
from detaux.report.results import Results

_SCORES = ("num_groups", "worst_group_size")


def group_frame(results: Results) -> pd.DataFrame:
    """Return `gain_frame` of the accuracy in the worst group, of the experiments whose data set declares groups.

    Returns:
        Its rows with `num_groups` (how many groups have test images) and `worst_group_size` (test images of the worst
        group), each the smallest over runs that are done, null where none has that score.
    """
    frame = gain_frame(results, score="worst_group_accuracy")
    has_groups = frame.groupby("experiment")["scored"].transform("sum") > 0
    return frame[has_groups].join(_sizes(results), on="row")


def _sizes(results: Results) -> pd.DataFrame:
    runs = runs_frame(results)
    done = runs[runs["status"] == "done"]
    scores = {name: done["run_id"].map(score_of(results.scores, "learn", "test", name)) for name in _SCORES}
    return done.assign(**scores).groupby("row")[[*_SCORES]].min()
