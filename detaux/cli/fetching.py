"""`detaux data fetch`, `verify` and `path`: the official files of data sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detaux.cli import DONE, SOME_FAILED
from detaux.core.errors import DataError

if TYPE_CHECKING:
    from detaux.data.official.file import OfficialFile

_HELP = "as `detaux data list` shows it."
DatasetName = Annotated[str, typer.Argument(help=f"Name of a data set, {_HELP}")]
DatasetNames = Annotated[list[str], typer.Argument(metavar="NAME", help=f"Names of data sets, {_HELP}")]
DatasetOptions = Annotated[
    list[str] | None, typer.Option("--option", "-o", help="Option of the data set, as key=value in YAML.")
]


def fetch(names: DatasetNames, option: DatasetOptions = None) -> None:
    """Download the official files of data sets into the cache folder, and check them.

    A download that was stopped goes on when the same command is given again.

    Exit codes: 0 all are here, 1 some could not be had, 2 bad input, 130 interrupted.

    Example: detaux data fetch mpi3d -o version=real
    """
    fetched = [_fetched(name, file) for name, file in _files_of(names, option)]
    raise typer.Exit(DONE if all(fetched) else SOME_FAILED)


def verify(names: DatasetNames, option: DatasetOptions = None) -> None:
    """Check the official files that are here by size and digest; missing ones are named, and no fault.

    Exit codes: 0 none is damaged, 1 some are, 2 bad input.

    Example: detaux data verify shapes3d cifar10
    """
    well = [_is_well(name, file) for name, file in _files_of(names, option)]
    raise typer.Exit(DONE if all(well) else SOME_FAILED)


def path(name: DatasetName, option: DatasetOptions = None) -> None:
    """Print where the official files of a data set lie, or would lie: one a line.

    Example: detaux data path shapes3d
    """
    for _, file in _files_of([name], option):
        typer.echo(file.default_path)


def parse_options(written: list[str] | None) -> Mapping[str, Any]:
    """Read `--option` values.

    Raises:
        DataError: If one is no key=value, or its value no YAML.
    """
    return dict(map(_parsed, written or []))


def _parsed(text: str) -> tuple[str, Any]:
    import yaml

    key, equals, value = text.partition("=")
    if not equals:
        raise DataError(f"--option {text!r} is no key=value; write, for example, -o image_size=32")
    try:
        return key, yaml.safe_load(value)
    except yaml.YAMLError as fault:
        raise DataError(f"--option {text!r}: its value is no YAML ({fault})") from fault


def _files_of(names: list[str], written: list[str] | None) -> list[tuple[str, OfficialFile]]:
    """Return all files of all sets, so that bad input is told before anything is done."""
    from detaux.data.fetching.named import files_of

    options = parse_options(written)
    files = {name: files_of(name, options) for name in names}
    for name, those in files.items():
        if not those:
            typer.echo(f"{name}: there are no official files to fetch", err=True)
    return [(name, file) for name, those in files.items() for file in those]


def _fetched(name: str, file: OfficialFile) -> bool:
    """Fetch one file and tell of it; False if it could not be had."""
    from detaux.cli.download_bar import Bar
    from detaux.data.fetching.fetch import fetch as fetch_file

    place = file.default_path
    try:
        with Bar() as bar:
            is_new = fetch_file(file, place, bar, bar.say)
    except DataError as fault:
        typer.echo(f"detaux: {name}: {fault}", err=True)
        return False
    typer.echo(f"{name}: {place} {'was fetched' if is_new else 'was here already'}{_unchecked(file)}")
    return True


def _is_well(name: str, file: OfficialFile) -> bool:
    """Check one file and tell of it; False if it is damaged."""
    from detaux.cli.download_bar import Bar
    from detaux.data.official.file import check_official

    place = file.default_path
    if not place.is_file():
        typer.echo(f"{name}: missing: {place}")
        return True
    try:
        with Bar() as bar:
            check_official(place, file, bar)
    except (DataError, OSError) as fault:
        typer.echo(f"{name}: damaged: {fault}")
        return False
    typer.echo(f"{name}: fine: {place}{_unchecked(file)}")
    return True


def _unchecked(file: OfficialFile) -> str:
    return "" if file.digest else "; no digest of it was published, so its content is not checked"
