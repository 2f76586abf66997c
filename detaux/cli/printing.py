"""Tables on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from detaux.suite.plan import Plan

_STANDINGS = ("done", "missing", "damaged", "no_auxiliary_task", "error")
_REASON_LENGTH = 200


def print_plan(plan: Plan) -> None:
    """Print jobs by stage and standing, and the time left."""
    table = Table("stage", "jobs", *(standing.replace("_", " ") for standing in _STANDINGS), "time left, one by one")
    for stage in plan.stages:
        counts = (str(stage.standings.get(standing, 0)) for standing in _STANDINGS)
        table.add_row(stage.stage, str(stage.num_jobs), *counts, _duration(stage.seconds_left))
    console = Console(highlight=False)
    console.print(table)
    runs, jobs = len(plan.expansion.runs), len(plan.expansion.graph)
    console.print(f"{plan.suite.name}: {runs} runs of {jobs} jobs; left, one by one: {_duration(plan.seconds_left)}")


def print_status(runs: pd.DataFrame) -> None:
    """Print how many runs have which status, and the reasons of those without a result."""
    console = Console(highlight=False)
    counts = runs["status"].value_counts()
    console.print(", ".join(f"{count} {status.replace('_', ' ')}" for status, count in counts.items()))
    failed = runs[~runs["status"].isin(["done", "missing"])]
    for (status, reason), group in failed.groupby(["status", "reason"], dropna=False):
        text = str(reason).splitlines()[0][:_REASON_LENGTH] if reason else "no reason given"
        console.print(f"{len(group)} {status}: {text}", markup=False)


def print_gains(results: Path) -> None:
    """Print the gain of every arm over single-task learning."""
    from detaux.report.api import gain_table

    frame = gain_table(results)
    table = Table(*map(str, frame.columns))
    for row in frame.itertuples(index=False):
        table.add_row(*(f"{value:.1f}" if isinstance(value, float) else str(value) for value in row))
    Console(highlight=False).print(table)


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "not known yet"
    if seconds < 90:  # noqa: PLR2004 - a minute and a half
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"  # noqa: PLR2004 - an hour and a half
