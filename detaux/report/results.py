"""What a suite's results folder holds: its runs, their scores, and the suite itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from detaux.core.errors import DataError

CONFIG_PREFIXES = ("data.", "disentangle.", "discover.", "learn.")
"""First parts of the names of the columns that hold a run's config."""
RUN_COLUMNS = (
    *("run_id", "arm", "repetition", "status", "reason", "dataset", "rendered", "seconds"),
    *("data_key", "disentangle_key", "discover_key", "learn_key", "measure_key"),
)
"""Columns of `runs.parquet` that a report cannot do without."""
SCORE_COLUMNS = ("run_id", "stage", "split", "name", "value")
"""Columns of `scores.parquet`."""
CURVE_COLUMNS = ("run_id", "step", "term", "value")
"""Columns of `curves.parquet`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """The collected results of one suite."""

    runs: pd.DataFrame
    """A row a run, planned runs that are missing included; columns as in `RUN_COLUMNS`, and its config."""
    scores: pd.DataFrame
    """A row a score; columns as in `SCORE_COLUMNS`."""
    curves: pd.DataFrame
    """A row a run, step and loss term; columns as in `CURVE_COLUMNS`, and no rows in results of older versions."""
    suite: Mapping[str, Any]
    """The resolved suite: name, question, and what the report should show."""

    @property
    def name(self) -> str:
        """Name of the suite."""
        return str(self.suite.get("suite", "suite"))

    @property
    def question(self) -> str:
        """What the suite asks; empty if it does not say."""
        return str(self.suite.get("question") or "")

    @property
    def config_columns(self) -> list[str]:
        """Names of the columns that hold a run's config."""
        return [name for name in self.runs.columns if name.startswith(CONFIG_PREFIXES)]


def load_results(folder: Path) -> Results:
    """Read `runs.parquet`, `scores.parquet`, `suite.json` and, where it is there, `curves.parquet` of a suite.

    Raises:
        DataError: If one of them is missing or damaged, or lacks a column.
    """
    runs = _read_table(folder / "runs.parquet", RUN_COLUMNS)
    scores = _read_table(folder / "scores.parquet", SCORE_COLUMNS)
    file = folder / "curves.parquet"
    curves = _read_table(file, CURVE_COLUMNS) if file.exists() else pd.DataFrame(columns=CURVE_COLUMNS)
    try:
        suite = json.loads((folder / "suite.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise DataError(
            f"{folder / 'suite.json'}: cannot be read ({fault}); run the suite again to collect it"
        ) from fault
    if not isinstance(suite, dict) or not isinstance(suite.get("report") or {}, dict):
        raise DataError(f"{folder / 'suite.json'}: is no suite; run the suite again to collect it")
    return Results(runs=runs.map(_plain), scores=scores, curves=curves, suite=suite)


def _read_table(file: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    try:
        table = pd.read_parquet(file)
    except (OSError, ValueError) as fault:
        raise DataError(f"{file}: cannot be read ({fault}); run the suite again to collect it") from fault
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise DataError(
            f"{file}: lacks the columns {', '.join(missing)}; it was written by another version, collect it again"
        )
    return table


def _plain(value: Any) -> Any:
    """Turn a list in a cell, which can be neither compared nor grouped by, into text."""
    if isinstance(value, list | tuple | np.ndarray):
        return ", ".join(str(item) for item in value)
    return value
