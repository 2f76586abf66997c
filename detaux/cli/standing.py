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
    import pandas as pd

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

    Where the store has nothing of the suite, the tables that are already there are drawn, without what only the store
    knows: pictures, numbers of images, the machine, and what jobs warned of.

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
            _check_of_suite(folder, found.runs, f"detaux run {suite} --store {store}")
            _check_not_poorer(reports / loaded.name, store)
            typer.echo(
                f"the store {store!r} has none of these runs; the report is drawn from {folder}, without pictures, "
                "numbers of images, the machine, and what jobs warned of"
            )
        else:
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


def _check_of_suite(folder: Path, runs: pd.DataFrame, remedy: str) -> None:
    """Check that there are tables of exactly these runs, of which the store has none.

    Raises:
        DataError: If there are none, they are damaged, or of other runs, as of the suite before it was changed.
    """
    from detaux.report.results import load_results

    found = load_results(folder) if (folder / "runs.parquet").exists() else None
    if found is None or (found.scores.empty and set(found.runs["status"]) == {"missing"}):
        fault = "so there is nothing to report"
    elif sorted(found.runs["run_id"]) != sorted(runs["run_id"]):
        fault = f"and {folder} holds other runs than the suite has now"
    else:
        return
    raise DataError(f"nothing of this suite has run in the store, {fault}; run it first: {remedy}")


def _check_not_poorer(folder: Path, store: str) -> None:
    """Check that a report without a store takes the place of none.

    Raises:
        DataError: If it would.
    """
    if (folder / "index.html").exists():
        raise DataError(
            f"the store {store!r} has none of these runs, and {folder} holds a report that may say more; "
            "name the store that has them, or another folder with --reports"
        )


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
