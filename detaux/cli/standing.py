"""`detaux status`: collect what the store holds of a suite, and show how it stands."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from detaux.cli.options import SetOption, StoreOption, SuiteName, parse_changes
from detaux.cli.printing import print_status

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
        found = collect_into(Path(folder), load_suite(suite, changes=parse_changes(changes)), store)
    print_status(found.runs)


def open_store(store: str) -> Store:
    """Return a store to read from.

    Raises:
        LocationError: If it cannot be used.
    """
    from detaux.pipeline.store import Store

    place = Store(store)
    place.check()
    return place


def collect_into(folder: Path, suite: Suite, store: str) -> Results:
    """Collect what the store holds of a suite into a folder, and return its tables."""
    from detaux.suite import load_results
    from detaux.suite.collect import collect
    from detaux.suite.expand import expand

    collect(suite, expand(suite), open_store(store), folder)
    return load_results(folder)
