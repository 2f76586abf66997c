"""What a suite's `report:` can ask for, by name."""

from __future__ import annotations

from collections.abc import Callable

from detaux.core.registry import Registry
from detaux.report.drawing import Drawing
from detaux.report.results import Results
from detaux.report.table import Table

tables: Registry[Callable[[Results], Table]] = Registry("tables", "detaux.report.tables")
"""Functions from results to a table."""
figures: Registry[Callable[[Results], Drawing]] = Registry("figures", "detaux.report.figures")
"""Functions from results to a drawing."""
