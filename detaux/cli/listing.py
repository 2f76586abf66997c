"""Lists of parts, as wide as the terminal or COLUMNS, so that a pipe holds what a person would see."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

import typer

_DEFAULT_SIZE = (100, 24)
_LEAST_WIDTH = 20
_CUT = " ..."


def line_width(indent: int = 0) -> int:
    """Return how many characters a line has room for behind an indent."""
    return max(_LEAST_WIDTH, shutil.get_terminal_size(_DEFAULT_SIZE).columns - indent)


def print_names(rows: Sequence[tuple[str, str]]) -> None:
    """Print names with what each is beside it, at most two lines a name."""
    indent = 2 + max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        lines = textwrap.wrap(text, line_width(indent), max_lines=2, placeholder=_CUT) or [""]
        typer.echo(f"{name:<{indent}}{lines[0]}".rstrip())
        for line in lines[1:]:
            typer.echo(" " * indent + line)


def cut(text: str, indent: int) -> str:
    """Return a text on one line behind an indent, its end left out where there is no room."""
    return " " * indent + textwrap.shorten(text, line_width(indent), placeholder=_CUT)


def append_cut(cells: str, text: str) -> str:
    """Return a row of a table with a text as its last cell, cut where the line has no room, to the mark alone at worst."""
    room = max(len(_CUT), line_width() - len(cells))
    return cells + textwrap.shorten(text, room, placeholder=_CUT)


def filled(text: str, indent: int = 0) -> str:
    """Return a text with its paragraphs filled up to the width, behind an indent.

    A paragraph with lines set in, such as a list, keeps its lines, and an address is never cut.
    """
    space = " " * indent
    paragraphs = (
        textwrap.indent(paragraph, space)
        if "\n " in paragraph
        else textwrap.fill(
            paragraph,
            line_width(),
            initial_indent=space,
            subsequent_indent=space,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for paragraph in text.split("\n\n")
    )
    return "\n\n".join(paragraphs)
