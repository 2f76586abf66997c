"""`detaux list`, `show`, `doctor` and `schema`: look without running anything."""

from __future__ import annotations

import json
import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from detaux.cli.describing import print_part, print_suite
from detaux.cli.listing import print_names
from detaux.cli.options import SetOption, parse_changes
from detaux.cli.printing import console
from detaux.core.errors import SuiteError


class Kind(StrEnum):
    """Kinds of parts that can be listed."""

    datasets = "datasets"
    splits = "splits"
    pairings = "pairings"
    corruptions = "corruptions"
    augmentations = "augmentations"
    disentanglers = "disentanglers"
    criteria = "criteria"
    clusterings = "clusterings"
    auxiliary = "auxiliary"
    weightings = "weightings"
    architectures = "architectures"
    backbones = "backbones"
    metrics = "metrics"
    suites = "suites"


def list_parts(
    kind: Annotated[Kind, typer.Argument(help="What to list.")],
    name: Annotated[
        str | None, typer.Argument(help="Tell all of this one: source, options, defaults.")
    ] = None,
) -> None:
    """List what a suite can ask for; with a name, tell its source and each of its options.

    Example: detaux list datasets manifest
    """
    if name is None:
        print_names(_suites() if kind is Kind.suites else _parts(kind.value))
    elif kind is Kind.suites:
        print_suite(name)
    else:
        print_part(kind.value, name)


def show(
    suite: Annotated[str, typer.Argument(help="Name or path of a suite.")], changes: SetOption = None
) -> None:
    """Print a suite as it is run: its bases laid under it.

    Example: detaux show ablations/strength --set seeds=3
    """
    import yaml

    from detaux.suite import load_suite

    resolved = dict(load_suite(suite, changes=parse_changes(changes)).resolved)
    typer.echo(yaml.safe_dump(resolved, sort_keys=False, allow_unicode=True), nl=False)


def doctor(
    store: Annotated[Path, typer.Option(help="Folder of the results of jobs.")] = Path("store"),
) -> None:
    """Look whether this machine is fit to run suites, and say what to do where it is not.

    Example: detaux doctor
    """
    from detaux.cli.doctor import examine

    stdout, well = console(), True
    for finding in examine(store):
        well = well and finding.well
        stdout.print(f"{'ok ' if finding.well else 'BAD'} {finding.name:<14} {finding.text}", soft_wrap=True)
    raise typer.Exit(0 if well else 1)


def schema() -> None:
    """Print the JSON Schema of suite files, for editors that complete and check them.

    Example: detaux schema > schema/suite.schema.json
    """
    from detaux.suite.schema import suite_schema

    typer.echo(json.dumps(suite_schema(), indent=1))


def _parts(kind: str) -> list[tuple[str, str]]:
    from detaux.suite.catalogue import registry

    return [(entry.name, entry.summary) for entry in registry(kind)]


def _suites() -> list[tuple[str, str]]:
    from detaux.suite import find_suites

    return [(name, _question(name, file)) for name, file in find_suites().items()]


def _question(name: str, file: Path) -> str:
    from detaux.suite.bases import read_document

    try:
        return str(read_document(file).data.get("question", ""))
    except SuiteError:
        return f"cannot be read; detaux show {shlex.quote(name)} says why"
