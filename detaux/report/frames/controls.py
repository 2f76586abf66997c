"""Discovered labels against labels that should not help, or should help more: repetition by repetition."""

from __future__ import annotations

from typing import Any

import pandas as pd

from detaux.report.estimates import estimate_difference, holm
from detaux.report.frames.runs import PRINCIPAL_SCORE, runs_frame
from detaux.report.results import Results


def control_frame(results: Results, *, score: str = PRINCIPAL_SCORE) -> pd.DataFrame:
    """Compare discovered labels with every other auxiliary task of the same experiment.

    A control that depends on stage two (shuffled discovered labels) is compared with the arm whose labels it
    shuffled; one that does not (random labels, a true factor) with every arm of discovered labels. Both sides have
    the same weighting.

    Args:
        results: The suite's results.
        score: As in `runs_frame`.

    Returns:
        A row a pair of arms: `experiment`, `arm`, `setting` of the discovered labels; `control`,
        `control_setting`, `control_role`; `planned` pairs; and what `estimate_difference` gives of score minus
        the control's score, in points, with `p_holm`, corrected over the frame. Empty where nothing can be paired.
    """
    runs = runs_frame(results, score=score)
    rows = [
        _row(pairs, treated.iloc[0], control.iloc[0])
        for treated, control in _candidates(runs)
        if len(pairs := _pair(treated, control))
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(p_holm=holm(frame["p"])) if rows else frame


def _candidates(runs: pd.DataFrame) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    rows = [part for _, part in runs.groupby("row")]
    treated = [part for part in rows if part["role"].iloc[0] == "discovered"]
    controls = [part for part in rows if part["role"].iloc[0] in ("control", "true")]
    return [(one, other) for one in treated for other in controls]


def _pair(treated: pd.DataFrame, control: pd.DataFrame) -> pd.DataFrame:
    keys = [
        "experiment",
        "repetition",
        *(name for name in treated.columns if name.startswith("learn.weighting")),
    ]
    if control["discover_key"].notna().any():
        keys.append("discover_key")
    wanted = [*keys, "score_percent"]
    return treated.merge(control[wanted], on=keys, suffixes=("", "_control"))


def _row(pairs: pd.DataFrame, treated: pd.Series[Any], control: pd.Series[Any]) -> dict[str, Any]:
    labels = {name: treated[name] for name in ("experiment", "arm", "setting")}
    against = {"control": control["arm"], "control_setting": control["setting"]}
    return {
        **labels,
        **against,
        "control_role": control["role"],
        "planned": len(pairs),
        **estimate_difference(
            pairs["score_percent"] - pairs["score_percent_control"],
            pairs["disentangle_key"],
            names=("control", *labels.values(), *against.values()),
        ),
    }
