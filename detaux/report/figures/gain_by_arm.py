"""Gain of every arm: a dot a run, the mean and its interval, single-task learning at zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from detaux.report.drawing import FAINT, INK, PAPER, Drawing, house_style, new_axes, role_colors, write_beside
from detaux.report.frames import gain_frame, runs_frame
from detaux.report.labels import LABELS
from detaux.report.registries import figures
from detaux.report.results import Results
from detaux.report.table import Row
from detaux.report.wording import is_null, signed

_ROW_INCHES, _FRAME_INCHES, _WIDTH_INCHES = 0.42, 1.15, 8.0
_SPREAD, _LANE = 0.07, 0.13
_ROLES = {"discovered": "discovered labels", "true": "labels of a true factor", "control": "control labels"}


def gain_by_arm_info(results: Results) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the arms to draw (rows of `gain_frame` without baselines) and the runs that have a gain."""
    arms = gain_frame(results)
    runs = runs_frame(results)
    return arms[arms["role"] != "baseline"], runs[runs["gain_points"].notna() & (runs["role"] != "baseline")]


def plot_gain_by_arm(arms: pd.DataFrame, runs: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the arms of one experiment, the first at the top.

    Args:
        arms: Rows of `gain_frame` of one experiment.
        runs: Its runs with a gain.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes.
    """
    ax = ax or new_axes(_WIDTH_INCHES, _FRAME_INCHES + _ROW_INCHES * len(arms))
    colors = role_colors()
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    ax.annotate("STL", (0, 1.01), xycoords=ax.get_xaxis_transform(), ha="center", va="bottom", fontsize=9)
    for place, arm in enumerate(arms.to_dict("records")):
        gains = runs[(runs[LABELS] == [arm[name] for name in LABELS]).all(axis="columns")]["gain_points"]
        _draw_arm(ax, place, arm, gains, color=colors[arm["role"]])
        said = (
            (signed(arm["gain_points"]), f"n = {arm['n']}")
            if arm["n"]
            else ("", f"no gain: {_standing(arm)}")
        )
        write_beside(ax, place, *said)
    ax.set_yticks(range(len(arms)), [_label(arm) for arm in arms.to_dict("records")])
    ax.set_ylim(len(arms) - 0.5, -0.5)
    ax.set_title(arms["experiment"].iloc[0])
    ax.set_xlabel("gain over single-task learning, points of test accuracy")
    return ax


@figures.register("gain_by_arm", summary="gain of every arm, a dot a run", source="design of this project")
def gain_by_arm(results: Results) -> Drawing:
    """Draw a panel an experiment, one below the other."""
    arms, runs = gain_by_arm_info(results)
    drawing = {"name": "gain_by_arm", "title": "Gain by arm"}
    if runs.empty:
        return Drawing(**drawing, caption="No run has a gain yet.", alt="", figure=None)
    panels = [part for _, part in arms.groupby("experiment", sort=False)]
    heights = [_FRAME_INCHES + _ROW_INCHES * len(part) for part in panels]
    with house_style():
        figure = Figure(figsize=(_WIDTH_INCHES, sum(heights) + 0.4))
        axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)[:, 0]
        for ax, part in zip(axes, panels, strict=True):
            plot_gain_by_arm(part, runs, ax=ax)
        figure.legend(handles=_legend(arms), loc="outside lower center", ncols=3)
    return Drawing(
        **drawing,
        caption="Each dot is a run: its test accuracy minus that of the single-task run of the same repetition. "
        "The diamond is the mean, the bar its 95 % interval (none under three runs; dotted where it speaks of these "
        "stage-one models only), n the runs with a gain.",
        alt=_describe(arms),
        figure=figure,
    )


def _draw_arm(ax: Axes, place: int, arm: Row, gains: pd.Series[float], *, color: str) -> None:
    offsets = np.linspace(-_SPREAD, _SPREAD, len(gains)) if len(gains) > 1 else np.zeros(len(gains))
    ax.scatter(gains, place + _LANE + offsets, s=20, color=color, alpha=0.6, linewidths=0, zorder=2)
    line = ":" if arm["conditional"] else "-"
    if not is_null(arm["gain_low"]):
        ends = [arm["gain_low"], arm["gain_high"]]
        ax.plot(ends, [place - _LANE] * 2, line, color=color, linewidth=3, solid_capstyle="butt", zorder=3)
    if arm["n"]:
        mean = [arm["gain_points"]], [place - _LANE]
        ax.scatter(*mean, s=64, marker="D", color=color, edgecolors=PAPER, linewidths=1.2, zorder=4)


def _label(arm: Row) -> str:
    return f"{arm['arm']}\n{arm['setting']}" if arm["setting"] else str(arm["arm"])


def _standing(arm: Row) -> str:
    counts = [
        f"{arm[name]} {name.replace('_', ' ')}"
        for name in ("no_auxiliary_task", "error", "skipped", "damaged", "missing")
    ]
    return (
        ", ".join(said for said in counts if not said.startswith("0 ")) or "no single-task run to pair with"
    )


def _legend(arms: pd.DataFrame) -> list[Line2D]:
    colors = role_colors()
    shown = [role for role in _ROLES if role in set(arms["role"])]
    marks = [
        Line2D([], [], color=colors[role], marker="D", linewidth=3, label=_ROLES[role]) for role in shown
    ]
    marks.append(Line2D([], [], color=FAINT, marker="o", linestyle="", markersize=4, label="one run"))
    if arms["conditional"].any():
        marks.append(
            Line2D([], [], color=FAINT, linestyle=":", linewidth=3, label="given one or two stage-one models")
        )
    return marks


def _describe(arms: pd.DataFrame) -> str:
    said = [
        f"{row['experiment']}, {row['arm']} {row['setting']}: {signed(row['gain_points'])} points, {row['n']} runs"
        for row in arms.to_dict("records")
    ]
    return "Dot plot of gains over single-task learning. " + "; ".join(said) + "."
