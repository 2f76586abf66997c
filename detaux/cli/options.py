"""Options that several commands share, and what `--set` means."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from detaux.core.errors import SuiteError
from detaux.pipeline.stage import STAGES

if TYPE_CHECKING:
    StageName = str
else:  # Typer reads the words, mypy cannot.
    StageName = Literal[tuple(STAGES)]

SuiteName = Annotated[str, typer.Argument(metavar="SUITE", help="Name of a suite, or path of its file.")]
ReportedName = Annotated[
    str,
    typer.Argument(
        metavar="SUITE",
        help="Name of a suite, path of its file, or folder of its tables, as results/quickstart.",
    ),
]
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


def parse_changes(written: list[str] | None) -> Mapping[str, Any]:
    """Read `--set` options: values by dotted path.

    Raises:
        SuiteError: If some are no KEY=VALUE, or their values are no YAML; the text holds all of them.
    """
    changes, faults = {}, []
    for text in written or []:
        try:
            path, value = _parse_change(text)
            changes[path] = value
        except SuiteError as fault:
            faults.append(str(fault))
    if faults:
        raise SuiteError("\n  ".join(("nothing was started:", *faults) if len(faults) > 1 else faults))
    return changes


def _parse_change(text: str) -> tuple[str, Any]:
    import yaml

    from detaux.suite.loading import parse_value

    path, equals, value = text.partition("=")
    if not equals or not path:
        raise SuiteError(f"--set {text!r} is no KEY=VALUE; write, for example, --set seeds=3")
    try:
        return path, parse_value(value)
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise SuiteError(f"--set {text!r}: the value is no YAML ({fault})") from fault
