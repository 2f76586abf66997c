"""Folders that the user names: whether they can be used is found out before anything is put there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detaux.core.errors import LocationError


def unusable(option: str, location: object, fault: object) -> LocationError:
    """Return the error that says why a location cannot be used, and which option names another."""
    if isinstance(fault, FileExistsError | NotADirectoryError):
        fault = "a file is in the way"
    text = str((fault.strerror if isinstance(fault, OSError) else None) or fault) or type(fault).__name__
    return LocationError(
        f"{option} {str(location)!r}: cannot be used ({text.splitlines()[0]}); name another with {option}"
    )


@contextmanager
def used_as(option: str, location: Path) -> Iterator[None]:
    """Tell what goes wrong with a location by its path and the option that names another.

    Raises:
        LocationError: If the system refuses something inside.
    """
    try:
        yield
    except OSError as fault:
        raise unusable(option, location, fault) from fault


def check_writable(folder: Path, option: str) -> None:
    """Check that a folder can be written, or made where it is missing; nothing is left behind.

    Raises:
        LocationError: If it cannot.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".detaux-", dir=_nearest(folder)):
            pass
    except (OSError, ValueError) as fault:
        raise unusable(option, folder, fault) from fault


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest around it that is there, be it a folder or not."""
    try:
        folder.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return _nearest(folder.parent)
    return folder
