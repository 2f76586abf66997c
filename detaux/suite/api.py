"""Load a suite, run it, and read its results, from Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from detaux.core.errors import DataError, SuiteError, UnknownNameError
from detaux.core.registry import unknown_name
from detaux.pipeline.store import Store
from detaux.suite.collect import collect
from detaux.suite.executors.base import ExecutionReport, Executor
from detaux.suite.expand import expand
from detaux.suite.progress import shown
from detaux.suite.suite import Suite, read_suite

if TYPE_CHECKING:
    import pandas as pd

_CHECKOUT = Path(__file__).resolve().parents[2] / "suites"
ExecutorName = Literal["ray", "inline"]


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
    """
    return read_suite(suite_file(suite), changes)


def find_suites() -> dict[str, Path]:
    """Return the file of every suite that can be loaded by name, sorted by name; bases are left out.

    Of two suites with one name, the one in `./suites` counts.
    """
    found: dict[str, Path] = {}
    for folder in (_CHECKOUT, Path("suites").resolve()):
        for file in folder.rglob("*.yaml"):
            name = file.relative_to(folder).with_suffix("")
            if name.parts[0] != "base":
                found[name.as_posix()] = _shortened(file)
    return dict(sorted(found.items()))


def suite_file(suite: str | Path) -> Path:
    """Return the file that a path or name means.

    Raises:
        SuiteError: If there is none; near misses are named.
    """
    if Path(suite).is_file():
        return Path(suite)
    found = find_suites()
    if str(suite) not in found:
        raise SuiteError(unknown_name(str(suite), tuple(found), kind="suites"))
    return found[str(suite)]


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

    A run that was stopped goes on when this is called again: what is in the store is not run twice.

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
        UnknownNameError: If there is no such executor.
        KeyboardInterrupt: If the user stopped it; the results so far are collected.
    """
    suite = suite if isinstance(suite, Suite) else load_suite(suite)
    chosen = _executor(executor, address)
    expansion = expand(suite)
    graph = expansion.graph.up_to(only) if only else expansion.graph
    place, folder = Store(store), Path(results) / suite.name
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


def load_results(folder: str | Path) -> Results:
    """Read the tables of a suite.

    Args:
        folder: As `results/quickstart`.

    Raises:
        DataError: If they are not there, or cannot be read.
    """
    import pandas as pd

    folder = Path(folder)
    try:
        tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in ("runs", "scores")}
    except (OSError, ValueError) as fault:
        raise DataError(f"{folder}: no readable results ({fault}); run the suite first") from fault
    return Results(runs=tables["runs"], scores=tables["scores"], folder=folder)


def _executor(executor: ExecutorName | Executor, address: str | None) -> Executor:
    if executor == "inline":
        from detaux.suite.executors.inline import InlineExecutor

        return InlineExecutor()
    if executor == "ray":
        from detaux.suite.executors.ray import RayExecutor

        return RayExecutor(address=address)
    if isinstance(executor, str):
        raise UnknownNameError(unknown_name(executor, ("inline", "ray"), kind="executors"))
    return executor


def _shortened(file: Path) -> Path:
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
