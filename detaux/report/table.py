"""A table: a tidy frame, and how its columns are shown to a reader."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from detaux.report import wording

Row = Mapping[Any, Any]
"""One row of a frame, by column name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column as a reader sees it."""

    title: str
    """Heading, with the unit."""
    show: Callable[[Row], str]
    """Text of a cell."""
    sort_by: str = ""
    """Column of the frame that orders the rows; empty: their text does."""
    numeric: bool = False
    """Whether cells are aligned to the right."""
    anchor: Callable[[Row], str] | None = None
    """Where on the page a cell leads to, without the `#`."""
    code: bool = False
    """Whether cells are identifiers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table ready to be rendered as Markdown, LaTeX, CSV or HTML."""

    name: str
    """Names its files, and the place on the page."""
    title: str
    """Heading."""
    caption: str
    """What a row is, and what the numbers are."""
    frame: pd.DataFrame
    """Tidy numbers, written as CSV."""
    columns: tuple[Column, ...]
    """What is shown of the frame, in order."""
    notes: tuple[str, ...] = ()
    """What a reader must know to read it rightly."""
    empty: str = "Nothing to show yet."
    """Stands in place of a table without rows."""

    @property
    def rows(self) -> list[dict[Hashable, Any]]:
        """Rows of the frame."""
        return self.frame.to_dict("records")

    def cells(self) -> list[list[str]]:
        """Return the texts shown, a list a row."""
        return [[column.show(row) for column in self.columns] for row in self.rows]


def text_column(title: str, name: str, *, code: bool = False, numeric: bool = False) -> Column:
    """Show a column of texts or whole numbers as it is."""
    return Column(
        title=title, show=lambda row: wording.text(row[name]), sort_by=name, code=code, numeric=numeric
    )


def number_column(
    title: str, name: str, show: Callable[[Any], str] = wording.number, *, digits: int | None = None
) -> Column:
    """Show a column of numbers as `show` writes them, with `digits` decimals where that is given."""
    options = {} if digits is None else {"digits": digits}
    return Column(title=title, show=lambda row: show(row[name], **options), sort_by=name, numeric=True)


def key_column(title: str, name: str, *, prefix: str) -> Column:
    """Show the first 12 digits of a key, leading to the place called `<prefix>-<those digits>`."""
    return Column(
        title=title,
        show=lambda row: wording.text(row[name])[:12],
        sort_by=name,
        anchor=lambda row: f"{prefix}-{wording.text(row[name])[:12]}",
        code=True,
    )
