"""Discovered labels against labels that should not help, or should help more: repetition by repetition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from detaux.report.estimates import estimate_difference, holm
from detaux.report.frames.runs import PRINCIPAL_SCORE, runs_frame
from detaux.report.results import Results

_TASKS = "discover.tasks"


def control_frame(results: Results, *, score: str = PRINCIPAL_SCORE) -> pd.DataFrame:
    """Compare discovered labels with every other auxiliary task of the same experiment.

    A control made of the discovered labels (shuffled ones, random ones in classes of their sizes) is compared with the arm
    of these labels; one that clusters other codes of the same stage-one model (its worst subspace) with the arms of that
    model; any other (random labels in equal classes, a true factor, clusters of pixels) with every arm of discovered labels. Both sides have the same weighting,
    blind labels as many tasks, and the same options of stages one and two, where both vary them.

    Args:
        results: The suite's results.
        score: As in `runs_frame`.

    Returns:
        A row a pair of arms: `experiment`, `arm`, `setting` of the discovered labels; `control`,
        `control_setting`, `control_role`; `planned` pairs; and what `estimate_difference` gives of score minus
        the control's score, in points, with `p_holm`, corrected over the frame. Empty where nothing can be paired.
    """
    runs = runs_frame(results, score=score)
    rows = [row for _, part in runs.groupby("experiment", sort=False) for row in _rows(part)]
    frame = pd.DataFrame(rows)
    return frame.assign(p_holm=holm(frame["p"])) if rows else frame


def _rows(runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Compare the arms of one experiment."""
    arms = dict(iter(runs.groupby("row")))
    found = {
        (row, control_row): pairs
        for control_row, control in arms.items()
        if control["role"].iloc[0] not in ("baseline", "discovered")
        for row, pairs in _pairs(runs, control)
    }
    for row, control_row in sorted(found):
        yield _row(found[row, control_row], arms[row].iloc[0], arms[control_row].iloc[0])


def _pairs(runs: pd.DataFrame, control: pd.DataFrame) -> Iterator[tuple[Any, pd.DataFrame]]:
    """Pair the runs of each row of discovered labels with those of a control: scores of both, model of the first."""
    discovered = runs[runs["role"] == "discovered"]
    always = _pair_by(discovered, control)
    varied = set() if "discover_key" in always else _varied_options(runs, control)
    for _, arm in discovered.groupby("arm"):
        keys = [*always, *sorted((varied & _varied_options(runs, arm)).difference(always))]
        scores = arm[list(dict.fromkeys(["row", *keys, "score_percent", "disentangle_key"]))]
        alike = scores.merge(control[[*keys, "score_percent"]], on=keys, suffixes=("", "_control"))
        yield from alike.groupby("row")


def _pair_by(discovered: pd.DataFrame, control: pd.DataFrame) -> list[str]:
    """Return the columns in which any run of discovered labels and its control are alike."""
    keys = ["repetition", *(name for name in control.columns if name.startswith("learn.weighting"))]
    if _shares(control, discovered, "discover_key"):
        return [*keys, "discover_key"]
    if _shares(control, discovered, "disentangle_key"):
        keys.append("disentangle_key")
    if control["role"].iloc[0] == "control" and _TASKS in control and control[_TASKS].notna().all():
        keys.append(_TASKS)
    return keys


def _shares(control: pd.DataFrame, discovered: pd.DataFrame, key: str) -> bool:
    """Say whether a job of a control is behind discovered labels too."""
    return bool(control[key].dropna().isin(discovered[key]).any())


def _varied_options(runs: pd.DataFrame, some: pd.DataFrame) -> set[str]:
    """Return the options of stages one and two in which runs of an arm differ."""
    arm = runs[runs["arm"] == some["arm"].iloc[0]]
    options = (name for name in arm.columns if name.startswith(("disentangle.", "discover.")))
    return {name for name in options if len(arm[name].dropna().unique()) > 1}


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
