"""A table as GitHub's Markdown."""

from __future__ import annotations

from detaux.report.table import Table

_SPECIAL = str.maketrans({mark: f"\\{mark}" for mark in "\\`*[]<>|#"} | {"&": "&amp;", "\n": " ", "\r": " "})


def to_markdown(table: Table) -> str:
    """Return a table as a Markdown pipe table with its notes below; its `empty` text if it has no rows."""
    if table.frame.empty:
        return f"{escape_markdown(table.empty)}\n"
    lines = [
        _line([escape_markdown(column.title) for column in table.columns]),
        _line(["---:" if column.numeric else "---" for column in table.columns]),
        *(_line([escape_markdown(cell) for cell in row]) for row in table.cells()),
    ]
    notes = [f"- {escape_markdown(note)}" for note in table.notes]
    return "\n".join([*lines, *([""] if notes else []), *notes, ""])


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is: no mark-up, no HTML, on one line."""
    return text.translate(_SPECIAL)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
