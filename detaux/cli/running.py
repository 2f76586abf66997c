"""`detaux run`, `plan`, `status` and `report`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from detaux.cli import DONE, SOME_FAILED
from detaux.cli.printing import print_gains, print_plan, print_status
from detaux.core.errors import SuiteError
from detaux.pipeline.stage import STAGES

if TYPE_CHECKING:
    from detaux.suite.suite import Suite

    StageName = str
else:  # Typer reads the words, mypy cannot.
    StageName = Literal[tuple(STAGES)]

SuiteName = Annotated[str, typer.Argument(metavar="SUITE", help="Name of a suite, or path of its file.")]
StoreOption = Annotated[
    str, typer.Option("--store", help="Folder or fsspec URL where results of jobs are kept.")
]
ResultsOption = Annotated[Path, typer.Option("--results", help="Folder of the collected tables.")]
ReportsOption = Annotated[Path, typer.Option("--reports", help="Folder of the reports.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Replace a value of the suite; the value is YAML. Repeatable."
    ),
]


class ExecutorName(StrEnum):
    """Ways to run jobs."""

    ray = "ray"
    inline = "inline"


ExecutorOption = Annotated[
    ExecutorName, typer.Option(help="Ray, or one job after the other in this process.")
]
AddressOption = Annotated[
    str | None, typer.Option(help="Running Ray cluster, such as `auto`; else one is started here.")
]
DeviceOption = Annotated[str, typer.Option(help="Torch device, or `auto`.")]
MaxConcurrentOption = Annotated[int | None, typer.Option(min=1, help="Most jobs at a time.")]
OnlyOption = Annotated[
    StageName | None, typer.Option(help="Run the jobs of this stage and those they need, no others.")
]
RetryFailedOption = Annotated[bool, typer.Option("--retry-failed", help="Run failed jobs again.")]
ReportOption = Annotated[bool, typer.Option("--report", help="Write the report afterwards.")]


class Format(StrEnum):
    """Ways to print a plan."""

    text = "text"
    json = "json"


def run(
    suite: SuiteName,
    *,
    store: StoreOption = "store",
    results: ResultsOption = Path("results"),
    reports: ReportsOption = Path("reports"),
    executor: ExecutorOption = ExecutorName.ray,
    address: AddressOption = None,
    device: DeviceOption = "auto",
    max_concurrent: MaxConcurrentOption = None,
    only: OnlyOption = None,
    changes: SetOption = None,
    retry_failed: RetryFailedOption = False,
    with_report: ReportOption = False,
) -> None:
    """Run what is missing of a suite. A run that was stopped goes on when the same command is given again.

    Exit codes: 0 done, 1 some jobs failed, 2 bad input, 130 interrupted.

    Example: detaux run ablations/strength --set seeds=3 --report
    """
    from detaux.suite import load_suite, run_suite

    loaded = load_suite(suite, changes=parse_changes(changes))
    done = run_suite(
        loaded,
        store=store,
        results=results,
        executor=executor.value,
        address=address,
        device=device,
        max_concurrent=max_concurrent,
        only=only,
        retry_failed=retry_failed,
    )
    if with_report:
        _report(loaded, store, results, reports)
    else:
        print_status(done.runs)
    raise typer.Exit(DONE if done.report is None or done.report.is_clean else SOME_FAILED)


def plan(
    suite: SuiteName,
    store: StoreOption = "store",
    form: Annotated[Format, typer.Option("--format", help="For people, or for programs.")] = Format.text,
    changes: SetOption = None,
) -> None:
    """Show what a run would do: jobs by stage, how many are there already, and about how long the rest takes.

    Example: detaux plan paper/shapes3d --format json
    """
    from detaux.pipeline.store import Store
    from detaux.suite import load_suite
    from detaux.suite.plan import plan_suite

    planned = plan_suite(load_suite(suite, changes=parse_changes(changes)), Store(store))
    if form is Format.json:
        typer.echo(json.dumps(planned.as_dict(), indent=1))
    else:
        print_plan(planned)


def status(
    suite: SuiteName,
    store: StoreOption = "store",
    results: ResultsOption = Path("results"),
    changes: SetOption = None,
) -> None:
    """Collect what is in the store, and show how the runs of a suite stand and why some have no result.

    Example: detaux status quickstart
    """
    from detaux.pipeline.store import Store
    from detaux.suite import load_results, load_suite
    from detaux.suite.collect import collect
    from detaux.suite.expand import expand

    loaded = load_suite(suite, changes=parse_changes(changes))
    collect(loaded, expand(loaded), Store(store), results / loaded.name)
    print_status(load_results(results / loaded.name).runs)


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
    status(suite, store, results, changes)
    from detaux.suite import load_suite

    loaded = load_suite(suite, changes=parse_changes(changes))
    _report(loaded, store, results, reports)


def parse_changes(written: list[str] | None) -> Mapping[str, Any]:
    """Read `--set` options: values by dotted path.

    Raises:
        SuiteError: If one is no KEY=VALUE, or its value is no YAML.
    """
    import yaml

    from detaux.suite.loading import parse_value

    changes = {}
    for text in written or []:
        path, equals, value = text.partition("=")
        if not equals or not path:
            raise SuiteError(f"--set {text!r} is no KEY=VALUE; write, for example, --set seeds=3")
        try:
            changes[path] = parse_value(value)
        except yaml.YAMLError as fault:
            raise SuiteError(f"--set {text!r}: the value is no YAML ({fault})") from fault
    return changes


def _report(suite: Suite, store: str, results: Path, reports: Path) -> None:
    from detaux.pipeline.store import Store
    from detaux.report.api import write_report

    page = write_report(results / suite.name, Store(store).root, reports / suite.name)
    print_gains(results / suite.name)
    typer.echo(f"report: {page}")
