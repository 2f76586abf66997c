"""`detaux status` and `report`: collect what the store holds of a suite, and show it."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from detaux.cli.options import (
    ReportsOption,
    ResultsOption,
    SetOption,
    StoreOption,
    SuiteName,
    parse_changes,
)
from detaux.cli.printing import print_gains, print_status
from detaux.core.errors import DataError
from detaux.core.folders import check_writable, used_as

if TYPE_CHECKING:
    from detaux.pipeline.store import Store
    from detaux.suite.api import Results
    from detaux.suite.suite import Suite


def status(suite: SuiteName, store: StoreOption = "store", changes: SetOption = None) -> None:
    """Show how the runs of a suite stand in the store, and why some have no result. Nothing is written.

    Example: detaux status quickstart
    """
    from detaux.suite import load_suite

    with TemporaryDirectory() as folder:
        found = _collect(load_suite(suite, changes=parse_changes(changes)), store, Path(folder))
    print_status(found.runs)


def report(
    suite: SuiteName,
    store: StoreOption = "store",
    results: ResultsOption = Path("results"),
    reports: ReportsOption = Path("reports"),
    changes: SetOption = None,
) -> None:
    """Collect what is in the store into tables, and write the report of a suite from them.

    Example: detaux report quickstart
    """
    from detaux.suite import load_suite
    from detaux.suite.api import results_folder

    loaded = load_suite(suite, changes=parse_changes(changes))
    check_writable(reports / loaded.name, "--reports")
    folder = results_folder(loaded, results)
    with TemporaryDirectory() as fresh:
        found = _collect(loaded, store, Path(fresh))
        print_status(found.runs)
        if found.scores.empty and set(found.runs["status"]) == {"missing"}:
            raise DataError(
                f"nothing of suite {loaded.name!r} has run in the store {store!r}, so there is nothing to report; "
                f"run it first: detaux run {suite} --store {store}"
            )
        _check_not_lost(folder, store)
        with used_as("--results", folder):
            shutil.copytree(fresh, folder, dirs_exist_ok=True)
    make_report(loaded, store, results, reports)


def open_store(store: str) -> Store:
    """Return a store to read from.

    Raises:
        LocationError: If it cannot be used.
    """
    from detaux.pipeline.store import Store

    place = Store(store)
    place.check()
    return place


def make_report(suite: Suite, store: str, results: Path, reports: Path) -> None:
    """Write the report of collected results, and print its gains and where it is."""
    from detaux.report.api import write_report

    page = write_report(results / suite.name, open_store(store).root, reports / suite.name)
    print_gains(results / suite.name)
    typer.echo(f"report: {page}")


def _collect(suite: Suite, store: str, folder: Path) -> Results:
    """Collect what the store holds of a suite into a folder, and return its tables."""
    from detaux.suite import load_results
    from detaux.suite.collect import collect
    from detaux.suite.expand import expand

    collect(suite, expand(suite), open_store(store), folder)
    return load_results(folder)


def _check_not_lost(folder: Path, store: str) -> None:
    """Check that the store has all runs that are done by tables about to be written over.

    Raises:
        DataError: If it has not: nobody could collect them again.
    """
    from detaux.suite import load_results

    if not (folder / "runs.parquet").exists():
        return
    runs, place = load_results(folder).runs, open_store(store)
    done = runs.loc[runs["status"] == "done", "learn_key"].dropna()
    lost = sum(place.standing("learn", key)[0] == "missing" for key in done)
    if lost:
        raise DataError(
            f"{folder} holds {lost} runs that the store {store!r} has not, and they would be written over; give --results"
            " and --reports other folders, or remove that one"
        )
