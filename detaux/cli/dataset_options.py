"""What the commands of `detaux data` are given: names of data sets, and their options as key=value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from detaux.core.errors import DataError

_HELP = "as `detaux data list` shows it."
DatasetName = Annotated[str, typer.Argument(help=f"Name of a data set, {_HELP}")]
DatasetNames = Annotated[list[str], typer.Argument(metavar="NAME", help=f"Names of data sets, {_HELP}")]
DatasetOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        "-o",
        help="Option of the data set, as key=value in YAML; see `detaux list datasets NAME`.",
    ),
]


def parse_options(written: list[str] | None) -> Mapping[str, Any]:
    """Read `--option` values.

    Raises:
        DataError: If some are no key=value, given twice, or their values no YAML; the text holds all of them.
    """
    options: dict[str, Any] = {}
    faults = []
    for text in written or []:
        try:
            key, value = _parsed(text)
        except DataError as fault:
            faults.append(str(fault))
        else:
            if key in options:
                faults.append(f"--option {key!r} is given more than once; keep one")
            options[key] = value
    if faults:
        raise DataError("\n  ".join(faults))
    return options


def _parsed(text: str) -> tuple[str, Any]:
    import yaml

    key, equals, value = text.partition("=")
    if not equals or not key:
        raise DataError(f"--option {text!r} is no key=value; write, for example, -o image_size=32")
    try:
        return key, yaml.safe_load(value)
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise DataError(f"--option {text!r}: its value is no YAML ({fault})") from fault
