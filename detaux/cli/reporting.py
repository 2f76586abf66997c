"""`detaux report`: the report of a suite, or of tables that are there."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import typer

from detaux.cli.options import (
    ReportedName,
    ReportsOption,
    ResultsOption,
    SetOption,
    StoreOption,
    parse_changes,
)
from detaux.cli.printing import print_gains, print_status
from detaux.cli.standing import collect_into, open_store
from detaux.core.errors import DataError
from detaux.core.folders import check_writable, used_as


def report(
    suite: ReportedName,
    store: StoreOption = "store",
    results: ResultsOption = Path("results"),
    reports: ReportsOption = Path("reports"),
    changes: SetOption = None,
) -> None:
    """Collect what is in the store into tables, and write the report of a suite from them; or that of tables alone.

    A folder of tables, such as another machine's, is drawn as it is; what only the store knows is left out where the
    store is not at hand: pictures, numbers of images, the machine, and what jobs warned of.

    Example: detaux report quickstart
    """
    tables = Path(suite)
    if not _holds_tables(tables):
        tables = _collected(suite, store, results, reports, changes)
    elif changes:
        raise DataError("--set changes a suite, but a folder of tables is of runs as they were; leave it out")
    out = reports / tables.resolve().name
    check_writable(out, "--reports")
    make_report(tables, store, out)


def _holds_tables(folder: Path) -> bool:
    """Say whether a folder is one of tables; a name that no folder can have is none."""
    try:
        return (folder / "runs.parquet").exists()
    except (OSError, ValueError):
        return False


def _collected(suite: str, store: str, results: Path, reports: Path, changes: list[str] | None) -> Path:
    """Collect what the store holds of a suite, and return the folder of its tables."""
    from detaux.suite import load_suite
    from detaux.suite.api import results_folder

    loaded = load_suite(suite, changes=parse_changes(changes))
    check_writable(reports / loaded.name, "--reports")
    folder = results_folder(loaded, results)
    with TemporaryDirectory() as fresh:
        found = collect_into(Path(fresh), loaded, store)
        print_status(found.runs)
        if found.scores.empty and set(found.runs["status"]) == {"missing"}:
            _refuse_nothing(suite, store, folder)
        _check_not_lost(folder, store)
        with used_as("--results", folder):
            shutil.copytree(fresh, folder, dirs_exist_ok=True)
    return folder


def make_report(tables: Path, store: str, out: Path) -> None:
    """Write the report of collected tables, and print its gains and where it is."""
    from detaux.report.api import write_report

    page = write_report(tables, open_store(store).root, out)
    print_gains(tables)
    typer.echo(f"report: {page}")


def _refuse_nothing(suite: str, store: str, folder: Path) -> NoReturn:
    """Refuse to report on a suite of which nothing has run.

    Raises:
        DataError: Always; it tells of tables that are there.
    """
    there = f", or draw the tables that are there: detaux report {folder}" if _holds_tables(folder) else ""
    raise DataError(
        f"nothing of suite {suite!r} with these settings has run in the store {store!r}, so there is nothing to report; "
        f"run it first: detaux run {suite} --store {store}{there}"
    )


def _check_not_lost(folder: Path, store: str) -> None:
    """Check that the store has all runs that are done by tables about to be written over.

    Raises:
        DataError: If it has not: nobody could collect them again.
    """
    from detaux.report.results import load_results

    if not _holds_tables(folder):
        return
    runs, place = load_results(folder).runs, open_store(store)
    done = runs.loc[runs["status"] == "done", "learn_key"].dropna()
    lost = sum(place.standing("learn", key)[0] == "missing" for key in done)
    if lost:
        raise DataError(
            f"{folder} holds {lost} runs that the store {store!r} has not, and they would be written over; give --results"
            " and --reports other folders, or remove that one"
        )
