"""Tables on the terminal. Rich is imported when something is printed, so that --help is quick."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from detaux.suite.executors.base import ExecutionReport
    from detaux.suite.plan import Plan
    from detaux.suite.suite import Suite

_STANDINGS = ("done", "missing", "damaged", "no_auxiliary_task", "error")
_REASON_LENGTH = 200
_ENDLESS = 100_000
_GAIN_COLUMNS = ("Experiment", "Arm", "Setting", "Accuracy, %", "Gain, points", "95 % interval", "n")


def console() -> Console:
    """Return a console whose lines are as long as they need to be where no terminal shows them: one row, one line."""
    from rich.console import Console

    stdout = Console(highlight=False)
    return stdout if stdout.is_terminal else Console(highlight=False, width=_ENDLESS)


def print_plan(plan: Plan) -> None:
    """Print jobs by stage and standing, and the time left."""
    standings = [
        standing for standing in _STANDINGS if any(standing in stage.standings for stage in plan.stages)
    ]
    table = _table("stage", "jobs", *(standing.replace("_", " ") for standing in standings), "time left")
    for stage in plan.stages:
        counts = (str(stage.standings.get(standing, 0)) for standing in standings)
        table.add_row(stage.stage, str(stage.num_jobs), *counts, _duration(stage.seconds_left))
    stdout = console()
    stdout.print(table)
    runs, jobs = len(plan.expansion.runs), len(plan.expansion.graph)
    stdout.print(
        f"{plan.suite.name}: {runs} runs of {jobs} jobs; time left, one job after the other: {_duration(plan.seconds_left)}"
    )
    print_unused(plan.suite)


def print_unused(suite: Suite) -> None:
    """Print which blocks of a suite nothing is made of, if any."""
    if suite.unused_blocks:
        console().print(
            f"no arm uses codes of stage one, so nothing is made of: {', '.join(suite.unused_blocks)}; an arm that does: "
            "{name: detaux, auxiliary: discovered}",
            markup=False,
        )


def print_status(runs: pd.DataFrame) -> None:
    """Print how many runs have which status, and the reasons of those without a result, or with a damaged part."""
    stdout = console()
    counts = runs["status"].value_counts()
    stdout.print(", ".join(f"{count} {str(status).replace('_', ' ')}" for status, count in counts.items()))
    failed = runs[~runs["status"].isin(["done", "missing"]) | runs["reason"].ne("")]
    for (status, reason), group in failed.groupby(["status", "reason"], dropna=False):
        text = str(reason).splitlines()[0][:_REASON_LENGTH] if reason else "no reason given"
        stdout.print(f"{len(group)} {status}: {text}", markup=False)
    if runs["status"].isin(["error", "skipped"]).any():
        stdout.print("errors are kept; to try those jobs once more, run again with --retry-failed")


def print_unkept(report: ExecutionReport) -> None:
    """Print why jobs failed whose errors the store does not keep."""
    stdout = console()
    for reason, count in Counter(report.failed[key] for key in report.unkept).items():
        text = reason.splitlines()[0][:_REASON_LENGTH] if reason else "no reason given"
        stdout.print(f"{count} not kept: {text}", markup=False)
    if report.unkept:
        stdout.print("what is not kept is run again when the same command is given again")


def print_gains(results: Path) -> None:
    """Print the gain of every arm over single-task learning."""
    from rich.markup import escape

    from detaux.report.api import gain_table

    gains = gain_table(results)
    shown = [place for place, column in enumerate(gains.columns) if column.title in _GAIN_COLUMNS]
    table = _table()
    table.caption, table.caption_justify = gains.caption, "left"
    for place in shown:
        column = gains.columns[place]
        table.add_column(column.title, justify="right" if column.numeric else "left")
    for cells in gains.cells():
        table.add_row(*(escape(cells[place]) for place in shown))
    stdout = console()
    stdout.print(table)
    for note in gains.notes:
        stdout.print(f"- {note}", markup=False)


def _table(*titles: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    return Table(*titles, box=SIMPLE_HEAD)


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "not known yet"
    if seconds < 90:  # noqa: PLR2004 - a minute and a half
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"  # noqa: PLR2004 - an hour and a half
