"""How figures look, and how they are saved: one palette, one style, no state shared with other plots."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, FAINT, GRID, PAPER = "#1c1e21", "#6b7076", "#d8dbdf", "#fffffe"
"""Colours of text, of lesser text, of lines and of the ground; the page swaps them for those of its theme."""
_THEME = {INK: "currentColor", FAINT: "var(--faint)", GRID: "var(--line)", PAPER: "var(--paper)"}
_DOTS_PER_INCH = 160
_STYLE: dict[Any, Any] = {
    "axes.edgecolor": FAINT,
    "axes.facecolor": PAPER,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.labelsize": 10,
    "axes.grid": True,
    "axes.grid.axis": "x",
    "axes.axisbelow": True,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": True,
    "figure.facecolor": PAPER,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.w_pad": 0.12,
    "figure.constrained_layout.h_pad": 0.09,
    "font.family": "DejaVu Sans",
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",
    "svg.hashsalt": "detaux",
    "text.color": INK,
    "xtick.color": FAINT,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 9,
    "ytick.color": FAINT,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 10,
    "ytick.left": False,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """A figure with what must be said beside it."""

    name: str
    """Names its files, and the place on the page."""
    title: str
    """Heading."""
    caption: str
    """What each mark is; or why there is nothing to draw."""
    alt: str
    """What the figure shows, for those who cannot see it."""
    figure: Figure | None
    """The figure, or None where there is nothing to draw."""


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house's style inside the block, and leave matplotlib's settings as they were."""
    with mpl.rc_context(_STYLE):
        yield


def palette() -> list[str]:
    """Return colours that stay apart for colour-blind readers, as hexadecimal codes."""
    return list(sns.color_palette("colorblind").as_hex())


def new_axes(width: float, height: float) -> Axes:
    """Return axes on a figure of their own, of this size in inches; pyplot does not know of it."""
    axes: Axes = Figure(figsize=(width, height)).subplots()
    return axes


def write_beside(ax: Axes, place: float, *words: str) -> None:
    """Write a number and a remark on the right of the axes, beside the row at `place`."""
    for text, (x, side) in zip(words, ((1.075, "right"), (1.095, "left")), strict=True):
        where: dict[str, Any] = {"xycoords": ax.get_yaxis_transform(), "annotation_clip": False}
        ax.annotate(text, (x, place), ha=side, va="center_baseline", fontsize=9, **where)


def to_png(figure: Figure) -> bytes:
    """Return a figure as PNG."""
    stream = io.BytesIO()
    with house_style():
        figure.savefig(stream, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return stream.getvalue()


def to_svg(figure: Figure) -> str:
    """Return a figure as SVG, the same text for the same figure."""
    stream = io.StringIO()
    with house_style():
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def inline_svg(svg: str, *, name: str, alt: str) -> str:
    """Turn an SVG file into markup for inside a page.

    What only a file needs (prologue, namespaces, metadata) goes; identifiers get the figure's name in front, so
    that figures do not meet; the house's colours become those of the page's theme.

    Args:
        svg: What `to_svg` returned.
        name: Name of the figure, letters, digits and `_`.
        alt: What the figure shows; escaped here.
    """
    from html import escape

    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\s(?:xmlns(?::\w+)?|version)="[^"]*"', "", svg)
    svg = re.sub(r'\sid="([^"]+)"', rf' id="{name}-\1"', svg)
    svg = re.sub(r'(?:xlink:)?href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    for color, variable in _THEME.items():
        svg = svg.replace(color, variable)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1)
