"""Tables and pages as HTML, everything escaped that is not ours."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from detaux.report.table import Column, Row, Table
from detaux.report.wording import is_null


def to_html(table: Table) -> Markup:
    """Return a table as HTML whose columns can be sorted; its `empty` text if it has no rows."""
    return render("table.html", table=table)


def render(template: str, **values: Any) -> Markup:
    """Fill a template of `detaux/report/page` with values, which are escaped unless they are `Markup`.

    Raises:
        jinja2.UndefinedError: If the template uses a value that was not given.
    """
    # The template escapes what it is given, so that what comes out is markup.
    return Markup(_environment().get_template(template).render(**values))  # noqa: S704


def read_asset(name: str) -> Markup:
    """Return a style sheet or script of `detaux/report/page`, to stand in a page as it is."""
    loader = _environment().loader
    assert loader is not None  # noqa: S101 - given below
    source, _, _ = loader.get_source(_environment(), name)
    return Markup(source)  # noqa: S704 - a file of this package


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("detaux.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["order"] = _order
    environment.globals["to_html"] = to_html
    return environment


def _order(column: Column, row: Row) -> str:
    """Return what a cell is sorted by: its value where that is a number, else its text."""
    value = row[column.sort_by] if column.sort_by else None
    return repr(float(value)) if isinstance(value, int | float) and not is_null(value) else ""
