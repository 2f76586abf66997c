"""Test accuracy of every arm: a dot a run, and the mean."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from detaux.report.drawing import INK, PAPER, Drawing, house_style, new_axes, role_colors, write_beside
from detaux.report.frames import runs_frame
from detaux.report.labels import LABELS
from detaux.report.registries import figures
from detaux.report.results import Results
from detaux.report.wording import number

_ROW_INCHES, _FRAME_INCHES, _WIDTH_INCHES = 0.42, 1.0, 8.0


def scores_by_arm_info(results: Results) -> pd.DataFrame:
    """Return the labelled runs that have a score, rows of `runs_frame`."""
    runs = runs_frame(results)
    return runs[runs["score_percent"].notna()]


def plot_scores_by_arm(runs: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the arms of one experiment, the first at the top.

    Args:
        runs: Rows of `scores_by_arm_info` of one experiment.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes.
    """
    rows = list(dict.fromkeys(runs["row"]))
    ax = ax or new_axes(_WIDTH_INCHES, _FRAME_INCHES + _ROW_INCHES * len(rows))
    colors = role_colors()
    for place, row in enumerate(rows):
        arm = runs[runs["row"] == row]
        color = colors[arm["role"].iloc[0]]
        ax.scatter(
            arm["score_percent"],
            [place] * len(arm),
            s=30,
            color=color,
            edgecolors=PAPER,
            linewidths=0.8,
            alpha=0.85,
            zorder=3,
        )
        mean = arm["score_percent"].mean()
        ax.plot([mean, mean], [place - 0.3, place + 0.3], color=INK, linewidth=1.6, zorder=2)
        write_beside(ax, place, number(mean), f"n = {len(arm)}")
    labels = runs.drop_duplicates("row")
    names = zip(labels["arm"], labels["setting"], strict=True)
    ax.set_yticks(range(len(rows)), ["\n".join(filter(None, name)) for name in names])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_title(labels["experiment"].iloc[0])
    ax.set_xlabel("test accuracy, per cent")
    return ax


@figures.register("scores_by_arm", summary="test accuracy of every arm", source="design of this project")
def scores_by_arm(results: Results) -> Drawing:
    """Draw a panel an experiment, one below the other."""
    runs = scores_by_arm_info(results)
    drawing = {"name": "scores_by_arm", "title": "Test accuracy by arm"}
    if runs.empty:
        return Drawing(**drawing, caption="No run has a score yet.", alt="", figure=None)
    panels = [part for _, part in runs.groupby("experiment", sort=False)]
    heights = [_FRAME_INCHES + _ROW_INCHES * part["row"].nunique() for part in panels]
    with house_style():
        figure = Figure(figsize=(_WIDTH_INCHES, sum(heights)))
        axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)[:, 0]
        for ax, part in zip(axes, panels, strict=True):
            plot_scores_by_arm(part, ax=ax)
    arms = runs.groupby(LABELS, sort=False)["score_percent"].mean().reset_index().to_dict("records")
    return Drawing(
        **drawing,
        caption="Each dot is a run, the upright bar the mean, n the runs with a score.",
        alt="Dot plot of test accuracy. "
        + "; ".join(
            f"{arm['experiment']}, {arm['arm']} {arm['setting']}: {number(arm['score_percent'])} per cent"
            for arm in arms
        ),
        figure=figure,
    )
