"""Gain against what was measured of the stage-one model: a dot a run, dots of one model joined."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from detaux.report.drawing import FAINT, INK, PAPER, Drawing, house_style, new_axes, palette
from detaux.report.frames import relation_frame, relation_points
from detaux.report.metric_titles import metric_title
from detaux.report.registries import figures
from detaux.report.results import Results
from detaux.report.wording import RHO, count, is_null, number

_PANEL_INCHES = 3.4
_MAX_METRICS = 3
_MARKERS = "oDs^vPX*"


def gain_vs_metric_info(results: Results) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the points and the correlations to draw, of the first metrics measured in each experiment."""
    points, relations = relation_points(results), relation_frame(results)
    relations = relations.groupby("experiment", sort=False).head(_MAX_METRICS)
    return points, relations


def plot_gain_vs_metric(
    points: pd.DataFrame, relation: pd.Series[Any], *, settings: list[str], ax: Axes | None = None
) -> Axes:
    """Draw one experiment and metric.

    Args:
        points: Rows of `relation_points` of that experiment and metric.
        relation: The row of `relation_frame`.
        settings: Settings of stage one in the order of their colours.
        ax: Where to draw; a new figure if None.

    Returns:
        The axes.
    """
    ax = ax or new_axes(_PANEL_INCHES, _PANEL_INCHES)
    colors = palette()
    ax.axhline(0, color=INK, linewidth=1, zorder=1)
    for _, runs in points.groupby(["model", "value"], sort=False):
        ax.plot(runs["value"], runs["gain_points"], color=FAINT, linewidth=1, zorder=2)
    for place, setting in enumerate(settings):
        runs = points[points["stage_one"] == setting]
        marker, color = _MARKERS[place % len(_MARKERS)], colors[place % len(colors)]
        ax.scatter(
            runs["value"],
            runs["gain_points"],
            s=34,
            marker=marker,
            color=color,
            edgecolors=PAPER,
            linewidths=0.7,
            zorder=3,
            label=setting or "all runs",
        )
    ax.set_xlabel(metric_title(relation["metric"]))
    ax.set_ylabel("gain, points of test accuracy")
    ax.set_title(describe_relation(relation, between="\n"), fontsize=9, fontweight="normal")
    ax.margins(0.08)
    ax.grid(visible=True, axis="both")
    return ax


@figures.register("gain_vs_metric", summary="gain against disentanglement", source="design of this project")
def gain_vs_metric(results: Results) -> Drawing:
    """Draw a row of panels an experiment, a column a metric."""
    points, relations = gain_vs_metric_info(results)
    drawing = {"name": "gain_vs_metric", "title": "Gain against disentanglement"}
    if points.empty:
        return Drawing(**drawing, caption="No run has both a gain and a measured model.", alt="", figure=None)
    experiments = list(dict.fromkeys(relations["experiment"]))
    columns = int(relations.groupby("experiment").size().max())
    with house_style():
        figure = Figure(figsize=(_PANEL_INCHES * max(columns, 2), (_PANEL_INCHES + 0.6) * len(experiments)))
        rows = figure.subfigures(len(experiments), 1, squeeze=False)[:, 0]
        for row, experiment in zip(rows, experiments, strict=True):
            _draw_row(row, columns, points, relations[relations["experiment"] == experiment])
    return Drawing(
        **drawing,
        caption="Each dot is a run on discovered labels. Dots joined by a line share a stage-one model. Runs "
        f"of one model or one repetition are one group, and not independent. {RHO} is Spearman's rank correlation, its 95 % "
        "interval from a bootstrap of the groups.",
        alt="Scatter plots of gain against measures of disentanglement. "
        + "; ".join(
            f"{row['experiment']}, {row['metric']}: {describe_relation(row)}"
            for _, row in relations.iterrows()
        ),
        figure=figure,
    )


def describe_relation(relation: pd.Series[Any], *, between: str = ", ") -> str:
    """Say what the correlation is and what it rests on, or that there is not enough to tell."""
    basis = f"{count(relation['runs'], 'run')} in {count(relation['groups'], 'independent group')}"
    if not relation["enough"]:
        return f"not enough to tell{between}{basis}"
    ends = f" [{number(relation['rho_low'], 2)}, {number(relation['rho_high'], 2)}]"
    return f"{RHO} = {number(relation['rho'], 2)}{ends if not is_null(relation['rho_low']) else ''}{between}{basis}"


def _draw_row(place: Any, columns: int, points: pd.DataFrame, relations: pd.DataFrame) -> None:
    experiment = relations["experiment"].iloc[0]
    points = points[points["experiment"] == experiment]
    settings = list(dict.fromkeys(points["stage_one"]))
    axes = place.subplots(1, max(columns, 2), squeeze=False)[0]
    for ax, (_, relation) in zip(axes, relations.iterrows(), strict=False):
        plot_gain_vs_metric(
            points[points["metric"] == relation["metric"]], relation, settings=settings, ax=ax
        )
    for ax in axes[len(relations) :]:
        ax.set_axis_off()
    place.suptitle(experiment, x=0.01, ha="left", fontsize=11, fontweight="bold")
    place.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
