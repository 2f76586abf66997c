"""A table's frame as comma-separated values, with every digit."""

from __future__ import annotations

from detaux.report.table import Table


def to_csv(table: Table) -> str:
    """Return the frame behind a table as CSV with a heading; null is an empty field."""
    return table.frame.to_csv(index=False, lineterminator="\n")
