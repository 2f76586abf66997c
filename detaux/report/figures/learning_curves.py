"""The losses of every task over the steps of stage three: a thin line a run, a thick one their mean."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from detaux.report.drawing import FAINT, Drawing, house_style, new_axes, palette
from detaux.report.frames import curve_frame
from detaux.report.registries import figures
from detaux.report.results import Results
from detaux.report.wording import count, show_setting

_MAX_PANELS, _COLUMNS = 24, 3
_PANEL_INCHES = (3.1, 2.3)
_LEGEND_INCHES, _TITLE_LETTERS = 0.4, 40
_COSINE = "gradient_cosine"
_LOSS = r"principal|auxiliary(_\d+)?"
_CAPTION = (
    "Training loss of each task over the steps of stage three, each point the mean over the steps since the point before: a "
    "thin line a run, a thick one their mean."
)
_COSINE_CAPTION = (
    "Dashed, on the scale at the right: cosine of the auxiliary tasks' gradient with the principal one's, where it was "
    "measured; below 0 they conflict."
)


def learning_curves_info(results: Results) -> tuple[pd.DataFrame, int]:
    """Return the rows of `curve_frame` to draw, and how many panels, an arm and setting each, are left out."""
    curves = curve_frame(results)
    curves = curves[curves["term"].str.fullmatch(f"{_LOSS}|{_COSINE}")]
    rows = curves["row"].drop_duplicates().sort_values()
    return curves[curves["row"].isin(rows.head(_MAX_PANELS))], max(0, len(rows) - _MAX_PANELS)


def plot_learning_curves(
    curves: pd.DataFrame, *, colors: Mapping[str, str] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw one arm and setting of one experiment.

    Args:
        curves: Its rows of `learning_curves_info`.
        colors: Colour of each term; chosen from these if None.
        ax: Where to draw the losses; a new figure if None. The cosine, if there, has axes of its own beside them.

    Returns:
        The axes of the losses.
    """
    ax = ax or new_axes(*_PANEL_INCHES)
    colors = colors or _color_terms(curves)
    for term, part in curves[curves["term"] != _COSINE].groupby("term", sort=False):
        _draw_term(ax, part, color=colors[str(term)])
    if len(cosine := curves[curves["term"] == _COSINE]):
        beside = ax.twinx()
        _draw_term(beside, cosine, color=FAINT, linestyle="--")
        beside.set_ylim(-1, 1)
        beside.set_yticks([-1, 0, 1])
        beside.tick_params(labelsize=8, right=False)
    ax.set_ylim(bottom=0)
    first = curves.iloc[0]
    ax.set_title(
        f"{fill(first['experiment'], _TITLE_LETTERS)}\n{fill(show_setting(first.to_dict()), _TITLE_LETTERS)}",
        fontsize=8,
    )
    ax.set_xlabel("step", fontsize=8)
    ax.set_ylabel("loss", fontsize=8)
    ax.tick_params(labelsize=8, left=False)
    return ax


@figures.register(
    "learning_curves", summary="loss of every task over the steps", source="design of this project"
)
def learning_curves(results: Results) -> Drawing:
    """Draw a panel an experiment, arm and setting."""
    curves, num_more = learning_curves_info(results)
    drawing = {"name": "learning_curves", "title": "Losses of stage three"}
    if curves.empty:
        return Drawing(**drawing, caption="No run has kept the course of its losses.", alt="", figure=None)
    panels, colors = [part for _, part in curves.groupby("row")], _color_terms(curves)
    num_rows = -(-len(panels) // _COLUMNS)
    width, height = _PANEL_INCHES
    with house_style():
        figure = Figure(figsize=(_COLUMNS * width, num_rows * height + _LEGEND_INCHES))
        axes = figure.subplots(num_rows, _COLUMNS, squeeze=False).ravel()
        for ax, part in zip(axes, panels, strict=False):
            plot_learning_curves(part, colors=colors, ax=ax)
        for ax in axes[len(panels) :]:
            ax.set_axis_off()
        figure.legend(handles=_legend(colors), loc="outside lower center", ncols=5)
    more = (
        f"{count(num_more, 'more arm or setting', 'more arms and settings')} not drawn." if num_more else ""
    )
    cosine = _COSINE_CAPTION if _COSINE in colors else ""
    return Drawing(
        **drawing,
        caption=" ".join(filter(None, [_CAPTION, cosine, more])),
        alt=_describe(curves),
        figure=figure,
    )


def _draw_term(ax: Axes, curves: pd.DataFrame, *, color: str, linestyle: str = "-") -> None:
    for _, run in curves.groupby("run_id", sort=False):
        ax.plot(run["step"], run["value"], color=color, linewidth=0.6, alpha=0.45, linestyle=linestyle)
    mean = curves.groupby("step")["value"].mean()
    ax.plot(mean.index, mean, color=color, linewidth=1.8, linestyle=linestyle)


def _color_terms(curves: pd.DataFrame) -> dict[str, str]:
    """Return a colour for each loss, in order of appearance, and grey for the cosine."""
    losses = [str(term) for term in curves["term"].unique() if term != _COSINE]
    colors = palette()
    found = {term: colors[place % len(colors)] for place, term in enumerate(losses)}
    return found | ({_COSINE: FAINT} if _COSINE in set(curves["term"]) else {})


def _legend(colors: Mapping[str, str]) -> list[Line2D]:
    return [
        Line2D([], [], color=color, linestyle="--" if term == _COSINE else "-", label=term.replace("_", " "))
        for term, color in colors.items()
    ]


def _describe(curves: pd.DataFrame) -> str:
    """Say with which principal loss each panel ends."""
    principal = curves[curves["term"] == "principal"]
    last = principal.sort_values("step").drop_duplicates("run_id", keep="last")
    ends = last.groupby("row").agg(
        experiment=("experiment", "first"),
        arm=("arm", "first"),
        setting=("setting", "first"),
        loss=("value", "mean"),
    )
    said = [f"{row['experiment']}, {show_setting(row)}: {row['loss']:.3g}" for row in ends.to_dict("records")]
    return f"Line plots of losses over steps. Principal loss at the end: {'; '.join(said)}."
