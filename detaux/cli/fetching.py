"""`detaux data fetch`, `verify` and `path`: the official files of data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from detaux.cli import DONE, SOME_FAILED
from detaux.cli.dataset_options import DatasetNames, DatasetOptions, parse_options
from detaux.cli.missing_files import Missing
from detaux.core.errors import DataError, DetauxError

if TYPE_CHECKING:
    from detaux.data.official.file import OfficialFile


def fetch(names: DatasetNames, option: DatasetOptions = None) -> None:
    """Download the official files of data sets into the cache folder, and check them.

    A download that was stopped goes on when the same command is given again.

    Exit codes: 0 all are here, 1 some could not be had, 2 bad input, 130 interrupted.

    Example: detaux data fetch mpi3d -o version=real
    """
    missing = Missing()
    for name, file in _files_of(names, option):
        _fetch(name, file, missing)
    missing.tell()
    raise typer.Exit(SOME_FAILED if missing else DONE)


def verify(names: DatasetNames, option: DatasetOptions = None) -> None:
    """Check the official files that are here by size and digest; missing ones are named, and no fault.

    Exit codes: 0 none is damaged, 1 some are, 2 bad input.

    Example: detaux data verify shapes3d cifar10
    """
    well = [_is_well(name, file) for name, file in _files_of(names, option)]
    raise typer.Exit(DONE if all(well) else SOME_FAILED)


def path(names: DatasetNames, option: DatasetOptions = None) -> None:
    """Print where the official files of data sets lie, or would lie: one a line.

    Example: detaux data path shapes3d cifar10
    """
    for _, file in _files_of(names, option):
        typer.echo(file.default_path)


def _files_of(names: list[str], written: list[str] | None) -> list[tuple[str, OfficialFile]]:
    """Return all files of all sets, so that bad input is told before anything is done."""
    from detaux.data.fetching.named import files_of

    options = parse_options(written)
    files, faults = {}, []
    for name in dict.fromkeys(names):
        try:
            files[name] = files_of(name, options)
        except DetauxError as fault:
            faults.append(str(fault))
    if faults:
        raise DataError("\n  ".join(faults))
    for name, those in files.items():
        if not those:
            typer.echo(f"{name}: there are no official files to fetch{_instead(name)}", err=True)
    return [(name, file) for name, those in files.items() for file in those]


def _instead(name: str) -> str:
    """Say how a data set is opened that takes the user's own files."""
    from detaux.data.fetching.named import default_files
    from detaux.data.registries import datasets

    is_own = default_files(datasets.get(name)) is None
    return f"; it reads your own: detaux data show {name} -o path=PLACE" if is_own else ""


def _fetch(name: str, file: OfficialFile, missing: Missing) -> None:
    """Fetch one file and tell of it, or note that it could not be had."""
    from detaux.cli.download_bar import Bar
    from detaux.data.fetching.fetch import fetch as fetch_file

    place = file.default_path
    try:
        with Bar() as bar:
            is_new = fetch_file(file, place, bar, bar.say)
    except DataError as fault:
        missing.note(name, file, fault)
        return
    typer.echo(f"{name}: {place} {'was fetched' if is_new else 'was here already'}{_unchecked(file)}")


def _is_well(name: str, file: OfficialFile) -> bool:
    """Check one file and tell of it; False if it is damaged, or cannot be read."""
    from detaux.cli.download_bar import Bar
    from detaux.data.official.file import UnreadableError, check_official, is_there

    place = file.default_path
    try:
        if not is_there(place):
            typer.echo(f"{name}: missing: {place}")
            return True
        with Bar() as bar:
            check_official(place, file, bar)
    except UnreadableError as fault:
        typer.echo(f"{name}: unreadable: {fault}")
        return False
    except DataError as fault:
        typer.echo(f"{name}: damaged: {fault}")
        return False
    typer.echo(f"{name}: fine: {place}{_unchecked(file)}")
    return True


def _unchecked(file: OfficialFile) -> str:
    return "" if file.digest else "; no digest of it was published, so its content is not checked"
