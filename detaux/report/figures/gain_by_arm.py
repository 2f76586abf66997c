"""Gain of every arm: a dot a run, the mean and its interval, single-task learning at zero."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from detaux.report.coverage import say_coverage
from detaux.report.drawing import FAINT, INK, PAPER, Drawing, house_style, new_axes, write_beside
from detaux.report.frames import gain_frame, runs_frame
from detaux.report.labels import LABELS
from detaux.report.lanes import color_settings, frame_lanes, panel_inches, place_lanes
from detaux.report.registries import figures
from detaux.report.results import Results
from detaux.report.table import Row
from detaux.report.wording import interval, is_null, listed, number, show_setting, show_shortfalls, signed

_WIDTH_INCHES, _LEGEND_INCHES = 9.2, 0.7
_SPREAD, _LINE, _WIDE = 0.16, 120, "\N{EM SPACE}"
_BAND: dict[str, Any] = {"linewidth": 11, "alpha": 0.3, "solid_capstyle": "butt"}
_DOTTED: dict[str, Any] = {"linewidth": 3, "linestyle": ":"}
_MEAN: dict[str, Any] = {"marker": "|", "color": INK, "linewidths": 2.4, "s": 260}
_ROLES = {
    "discovered": "discovered labels",
    "true": "known labels",
    "elsewhere": "clusters of other codes",
    "other": "found in another way",
    "control": "labels that tell nothing",
}

_CAPTION = (
    "Each dot is a run: its test accuracy minus that of the single-task run of the same repetition. The upright bar is the "
    "mean, the band its nominal 95 % interval (none under three runs; a dotted line where it speaks of these stage-one "
    "models only), n the runs with a gain."
)


def gain_by_arm_info(results: Results) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the arms to draw (rows of `gain_frame` without baselines) and the runs that have a gain."""
    arms = gain_frame(results)
    runs = runs_frame(results)
    return arms[arms["role"] != "baseline"], runs[runs["gain_points"].notna() & (runs["role"] != "baseline")]


def plot_gain_by_arm(
    arms: pd.DataFrame, runs: pd.DataFrame, *, colors: Mapping[str, str] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the arms of one experiment, the first at the top.

    Args:
        arms: Rows of `gain_frame` of one experiment.
        runs: Its runs with a gain.
        colors: Colour of each setting; chosen from these arms if None.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes.
    """
    names, settings = list(arms["arm"]), list(arms["setting"])
    ax = ax or new_axes(_WIDTH_INCHES, panel_inches(names, settings))
    colors = colors or color_settings(settings)
    for place, arm in zip(place_lanes(names), arms.to_dict("records"), strict=True):
        gains = runs[(runs[LABELS] == [arm[name] for name in LABELS]).all(axis="columns")]["gain_points"]
        _draw_arm(ax, place, arm, gains, color=colors[arm["setting"]])
        write_beside(ax, place, *_numbers(arm))
    frame_lanes(ax, names, settings)
    _mark_zero(ax, runs[runs["experiment"] == arms["experiment"].iloc[0]])
    ax.set_title(arms["experiment"].iloc[0], pad=18)
    ax.set_xlabel("gain in test accuracy, percentage points")
    return ax


@figures.register("gain_by_arm", summary="gain of every arm, a dot a run", source="design of this project")
def gain_by_arm(results: Results) -> Drawing:
    """Draw a panel an experiment, one below the other."""
    arms, runs = gain_by_arm_info(results)
    drawing = {"name": "gain_by_arm", "title": "Gain by arm"}
    if runs.empty:
        return Drawing(**drawing, caption="No run has a gain yet.", alt="", figure=None)
    panels = [part for _, part in arms.groupby("experiment", sort=False)]
    heights = [panel_inches(list(part["arm"]), list(part["setting"])) for part in panels]
    colors = color_settings(arms["setting"])
    with house_style():
        figure = Figure(figsize=(_WIDTH_INCHES, sum(heights) + _LEGEND_INCHES))
        axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)[:, 0]
        for ax, part in zip(axes, panels, strict=True):
            plot_gain_by_arm(part, runs, colors=colors, ax=ax)
        figure.legend(handles=_legend(arms), title=_say_roles(arms), loc="outside lower center", ncols=4)
    return Drawing(
        **drawing,
        caption=f"{_CAPTION} {say_coverage(arms)}".rstrip(),
        alt=_describe(arms),
        figure=figure,
    )


def _draw_arm(ax: Axes, place: float, arm: Row, gains: pd.Series[float], *, color: str) -> None:
    if not is_null(arm["gain_low"]):
        style = _DOTTED if arm["conditional"] else _BAND
        ax.plot([arm["gain_low"], arm["gain_high"]], [place] * 2, color=color, zorder=2, **style)
    offsets = np.linspace(-_SPREAD, _SPREAD, len(gains)) if len(gains) > 1 else np.zeros(len(gains))
    ax.scatter(gains, place + offsets, s=30, color=color, edgecolors=PAPER, linewidths=0.7, zorder=4)
    if arm["n"]:
        ax.scatter([arm["gain_points"]], [place], zorder=3, **_MEAN)


def _mark_zero(ax: Axes, runs: pd.DataFrame) -> None:
    """Draw single-task learning, with its accuracy over the repetitions that are compared with it."""
    ax.axvline(0, color=INK, linewidth=1.2, zorder=1)
    accuracy = number(runs.drop_duplicates("repetition")["baseline_percent"].mean())
    said = f"single-task learning, {accuracy} %" if len(runs) else "single-task learning"
    ax.annotate(said, (0, 1.015), xycoords=ax.get_xaxis_transform(), ha="center", va="bottom", fontsize=9)


def _numbers(arm: Row) -> tuple[str, str]:
    """Say mean, count and interval of an arm, or why it has none."""
    if not arm["n"]:
        return "", f"no gain: {show_shortfalls(arm) or 'no single-task run to pair with'}"
    runs = f"n = {arm['n']}" + (f" of {arm['planned']}" if arm["n"] < arm["planned"] else "")
    ends = "" if is_null(arm["gain_low"]) else interval(arm["gain_low"], arm["gain_high"])
    return signed(arm["gain_points"]), f"{runs}{_WIDE}{ends}" if ends else runs


def _say_roles(arms: pd.DataFrame) -> str:
    """Say what each arm learns beside the principal task."""
    learnt = {role: list(dict.fromkeys(arms[arms["role"] == role]["arm"])) for role in _ROLES}
    said = [f"{listed(names)}: {_ROLES[role]}" for role, names in learnt.items() if names]
    return fill("auxiliary task of " + "; ".join(said), _LINE)


def _legend(arms: pd.DataFrame) -> list[Line2D]:
    dot: dict[str, Any] = {"color": FAINT, "marker": "o", "markersize": 5.5, "linestyle": ""}
    mean: dict[str, Any] = {
        "color": INK,
        "marker": "|",
        "markersize": 13,
        "markeredgewidth": 2.4,
        "linestyle": "",
    }
    marks = [
        Line2D([], [], label="one run", **dot),
        Line2D([], [], label="mean", **mean),
        Line2D([], [], color=FAINT, label="its nominal 95 % interval", **_BAND),
    ]
    if arms["conditional"].any():
        marks.append(Line2D([], [], color=FAINT, label="given one or two stage-one models", **_DOTTED))
    return marks


def _describe(arms: pd.DataFrame) -> str:
    said = [
        f"{row['experiment']}, {show_setting(row)}: {signed(row['gain_points'])} points, {row['n']} runs"
        for row in arms.to_dict("records")
    ]
    return "Dot plot of gains over single-task learning. " + "; ".join(said) + "."
