"""Load a suite, run it, and read its results, from Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detaux.core.errors import DataError
from detaux.core.folders import check_writable
from detaux.pipeline.store import Store
from detaux.suite.collect import collect
from detaux.suite.executors.asked import ExecutorName, check_request, choose_executor
from detaux.suite.executors.base import ExecutionReport, Executor
from detaux.suite.expand import expand
from detaux.suite.facts import forget_facts
from detaux.suite.finding import find_suites, suite_file
from detaux.suite.progress import shown
from detaux.suite.suite import Suite, read_suite

__all__ = ["Results", "find_suites", "load_results", "load_suite", "run_suite", "suite_file"]

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """The tables of a suite."""

    runs: pd.DataFrame
    """A row a run, missing and failed ones included: status, keys of its jobs, every option as a column."""
    scores: pd.DataFrame
    """A row a score: run_id, stage, split, name, value."""
    folder: Path
    """Where they were read from; a report is made from the same folder."""
    report: ExecutionReport | None = None
    """How the jobs ended, where they were run just now."""


def load_suite(suite: str | Path, *, changes: Mapping[str, Any] | None = None) -> Suite:
    """Read and check a suite, by path or by name.

    Args:
        suite: A YAML file; or the name of one in `./suites` or in the checkout's `suites`, as `ablations/strength`.
        changes: Values by dotted path, such as `{"learn.steps": 100}`, that take the place of the file's.

    Raises:
        SuiteError: If there is no such suite, or it has faults; the text holds all of them, each with file, line
            and path.
        TypeError: If the suite or the changes are of another type.
    """
    _check_path("suite", suite)
    _check_changes(changes)
    forget_facts()
    return read_suite(suite_file(suite), changes)


def run_suite(
    suite: Suite | str | Path,
    *,
    store: str | Path = "store",
    results: str | Path = "results",
    executor: ExecutorName | Executor = "ray",
    address: str | None = None,
    device: str = "auto",
    max_concurrent: int | None = None,
    only: str | None = None,
    retry_failed: bool = False,
    progress: bool = True,
) -> Results:
    """Run what is missing of a suite, and collect its results.

    A run that was stopped goes on when this is called again: what is in the store is not run twice. Data sets are
    read anew, so that where their files have changed, the runs are others.

    Args:
        suite: A suite, its file, or its name.
        store: Folder or URL of artifacts.
        results: Folder in which the tables go, under the suite's name.
        executor: `ray`, `inline`, or any object with their `execute`.
        address: Of a running Ray cluster; None starts one on this machine.
        device: Torch device, or `auto`.
        max_concurrent: Most jobs at a time; None for as many as fit.
        only: A stage: its jobs and those that they need are run, no others.
        retry_failed: Whether to run jobs again that ended with an error.
        progress: Whether to show progress on stderr.

    Raises:
        SuiteError: If the suite has faults.
        DataError: If a data set has become unreadable since the suite was checked.
        LocationError: If the store or the results cannot be written.
        DeviceError: If the device cannot be used.
        UnknownNameError: If there is no such executor.
        TypeError: If an argument has the wrong type.
        ValueError: If there is no such stage, or `max_concurrent` is under 1.
        KeyboardInterrupt: If the user stopped it; the results so far are collected.
    """
    chosen = choose_executor(executor, address)
    check_request(chosen, device=device, max_concurrent=max_concurrent, only=only)
    forget_facts()
    place, suite = Store(store), suite if isinstance(suite, Suite) else load_suite(suite)
    folder = results_folder(suite, results)
    place.check(writable=True)
    expansion = expand(suite)
    graph = expansion.graph.up_to(only) if only else expansion.graph
    try:
        with shown(graph, place, on=progress) as events:
            report = chosen.execute(
                graph,
                place,
                resources=suite.resources,
                device=device,
                events=events,
                max_concurrent=max_concurrent,
                retry_failed=retry_failed,
            )
    finally:
        collect(suite, expansion, place, folder)
    return replace(load_results(folder), report=report)


def results_folder(suite: Suite, results: str | Path) -> Path:
    """Return the folder of a suite's tables, after checking that they can be written there.

    Raises:
        LocationError: If they cannot.
        TypeError: If it is neither text nor a path.
    """
    _check_path("results", results)
    folder = Path(results) / suite.name
    check_writable(folder, "--results")
    return folder


def load_results(folder: str | Path) -> Results:
    """Read the tables of a suite.

    Args:
        folder: As `results/quickstart`.

    Raises:
        DataError: If they are not there, or cannot be read.
        TypeError: If the folder is neither text nor a path.
    """
    import pandas as pd

    _check_path("folder", folder)
    folder = Path(folder)
    try:
        tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in ("runs", "scores")}
    except (OSError, ValueError) as fault:
        raise DataError(f"{folder}: no readable results ({fault}); run the suite first") from fault
    return Results(runs=tables["runs"], scores=tables["scores"], folder=folder)


def _check_changes(changes: Mapping[str, Any] | None) -> None:
    if changes is None:
        return
    if not isinstance(changes, Mapping) or not all(isinstance(path, str) for path in changes):
        raise TypeError(
            f"changes must map dotted paths to values, as {{'learn.steps': 100}}, but is {changes!r}"
        )


def _check_path(name: str, path: object) -> None:
    if not isinstance(path, str | Path):
        raise TypeError(f"{name} must be a text or a path, but is {path!r}")
