"""`detaux status` and `report`: collect what the store holds of a suite, and show it."""

from __future__ import annotations

from pathlib import Path
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
from detaux.core.folders import check_writable

if TYPE_CHECKING:
    from detaux.pipeline.store import Store
    from detaux.suite.api import Results
    from detaux.suite.suite import Suite


def status(
    suite: SuiteName,
    store: StoreOption = "store",
    results: ResultsOption = Path("results"),
    changes: SetOption = None,
) -> None:
    """Collect what is in the store, and show how the runs of a suite stand and why some have no result.

    Example: detaux status quickstart
    """
    from detaux.suite import load_suite

    print_status(_collect(load_suite(suite, changes=parse_changes(changes)), store, results).runs)


def report(
    suite: SuiteName,
    store: StoreOption = "store",
    results: ResultsOption = Path("results"),
    reports: ReportsOption = Path("reports"),
    changes: SetOption = None,
) -> None:
    """Collect what is in the store, and write the report of a suite.

    Example: detaux report quickstart
    """
    from detaux.suite import load_suite

    loaded = load_suite(suite, changes=parse_changes(changes))
    check_writable(reports / loaded.name, "--reports")
    found = _collect(loaded, store, results)
    print_status(found.runs)
    if found.scores.empty and set(found.runs["status"]) == {"missing"}:
        raise DataError(
            f"nothing of suite {loaded.name!r} has run in the store {store!r}, so there is nothing to report; "
            f"run it first: detaux run {suite} --store {store}"
        )
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


def _collect(suite: Suite, store: str, results: Path) -> Results:
    """Collect what the store holds of a suite, and return its tables."""
    from detaux.suite import load_results
    from detaux.suite.api import results_folder
    from detaux.suite.collect import collect
    from detaux.suite.expand import expand

    folder = results_folder(suite, results)
    collect(suite, expand(suite), open_store(store), folder)
    return load_results(folder)
