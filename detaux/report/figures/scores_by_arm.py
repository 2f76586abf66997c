"""Test accuracy of every arm: a dot a run, and the mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from detaux.report.drawing import INK, PAPER, Drawing, house_style, new_axes, write_beside
from detaux.report.frames import runs_frame
from detaux.report.labels import LABELS
from detaux.report.lanes import color_settings, frame_lanes, panel_inches, place_lanes
from detaux.report.registries import figures
from detaux.report.results import Results
from detaux.report.wording import number, show_setting

_WIDTH_INCHES = 9.2
_DOT: dict[str, Any] = {"s": 32, "edgecolors": PAPER, "linewidths": 0.7, "zorder": 3}


def scores_by_arm_info(results: Results) -> pd.DataFrame:
    """Return the labelled runs that have a score, rows of `runs_frame`."""
    runs = runs_frame(results)
    return runs[runs["score_percent"].notna()]


def plot_scores_by_arm(
    runs: pd.DataFrame, *, colors: Mapping[str, str] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the arms of one experiment, the first at the top.

    Args:
        runs: Rows of `scores_by_arm_info` of one experiment.
        colors: Colour of each setting; chosen from these runs if None.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes.
    """
    lanes = runs.drop_duplicates("row")
    names, settings = list(lanes["arm"]), list(lanes["setting"])
    ax = ax or new_axes(_WIDTH_INCHES, panel_inches(names, settings))
    colors = colors or color_settings(settings)
    for place, lane in zip(place_lanes(names), lanes.to_dict("records"), strict=True):
        scores = runs[runs["row"] == lane["row"]]["score_percent"]
        ax.scatter(scores, [place] * len(scores), color=colors[lane["setting"]], **_DOT)
        ax.plot([scores.mean()] * 2, [place - 0.34, place + 0.34], color=INK, linewidth=2, zorder=2)
        write_beside(ax, place, number(scores.mean()), f"n = {len(scores)}")
    frame_lanes(ax, names, settings)
    ax.set_title(lanes["experiment"].iloc[0])
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
    lanes = [part.drop_duplicates("row") for part in panels]
    heights = [panel_inches(list(part["arm"]), list(part["setting"])) for part in lanes]
    colors = color_settings(runs["setting"])
    with house_style():
        figure = Figure(figsize=(_WIDTH_INCHES, sum(heights)))
        axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)[:, 0]
        for ax, part in zip(axes, panels, strict=True):
            plot_scores_by_arm(part, colors=colors, ax=ax)
    arms = runs.groupby(LABELS, sort=False)["score_percent"].mean().reset_index().to_dict("records")
    return Drawing(
        **drawing,
        caption="Each dot is a run, the upright bar the mean, n the runs with a score.",
        alt="Dot plot of test accuracy. "
        + "; ".join(
            f"{arm['experiment']}, {show_setting(arm)}: {number(arm['score_percent'])} per cent"
            for arm in arms
        ),
        figure=figure,
    )
