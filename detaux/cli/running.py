"""`detaux run` and `plan`: do what is missing of a suite, or say what that is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from detaux.cli import DONE, SOME_FAILED
from detaux.cli.options import (
    AddressOption,
    DeviceOption,
    ExecutorName,
    ExecutorOption,
    Format,
    MaxConcurrentOption,
    OnlyOption,
    ReportOption,
    ReportsOption,
    ResultsOption,
    RetryFailedOption,
    SetOption,
    StoreOption,
    SuiteName,
    parse_changes,
)
from detaux.cli.printing import print_plan, print_status, print_unkept, print_unused
from detaux.cli.reporting import make_report
from detaux.cli.standing import open_store
from detaux.core.folders import check_writable


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
    if with_report:
        check_writable(reports / loaded.name, "--reports")
    print_unused(loaded)
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
    print_status(done.runs)
    if done.report:
        print_unkept(done.report)
    if with_report:
        make_report(results / loaded.name, store, reports / loaded.name)
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
    from detaux.suite import load_suite
    from detaux.suite.plan import plan_suite

    place = open_store(store)
    planned = plan_suite(load_suite(suite, changes=parse_changes(changes)), place)
    if form is Format.json:
        typer.echo(json.dumps(planned.as_dict(), indent=1))
    else:
        print_plan(planned)
