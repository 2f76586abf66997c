"""Arrays prepared once: on disk, memory-mapped, and checked when opened.

An entry is a folder of two files, `array.npy` and `manifest.json`. It is made beside its place under a lock and
renamed into it, so that no reader sees half an entry and two processes do not do the work twice.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from detaux.core.errors import DataError
from detaux.core.paths import cache_dir, safe_name
from detaux.data.array_writer import ArrayWriter
from detaux.data.cache_entry import ARRAY, CacheEntry, entry_name, open_entry, write_manifest

__all__ = ["ArrayWriter", "CacheEntry", "Fill", "cached_array", "entry_folder", "only_prepared", "open_entry"]

Fill = Callable[[Path], Mapping[str, Any]]
"""Writes the array to that path, uint8, with `ArrayWriter`, and returns notes to keep, as JSON values."""

_may_prepare = ContextVar("may_prepare", default=True)
_IN_THE_WAY = (FileExistsError, NotADirectoryError, IsADirectoryError)


def cached_array(kind: str, facts: Mapping[str, Any], fill: Fill) -> CacheEntry:
    """Open a prepared array, preparing it first where it is missing or damaged.

    Args:
        kind: Folder of such entries in the cache.
        facts: All that the content depends on; they name the entry.
        fill: Makes the content; called at most once.

    Raises:
        DataError: If the cache cannot be written, or the system refuses `fill` a file to read; other errors of
            `fill` pass through. None leaves an entry. Also if there is none, within `only_prepared`.
    """
    home = entry_folder(kind, facts)
    entry = open_entry(home)
    if entry is not None:
        return entry
    if not _may_prepare.get():
        raise DataError(f"{home} has not been prepared, or is damaged")
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with _lock(home.with_suffix(".lock")):
            return open_entry(home) or _make_entry(home, facts, fill)
    except _IN_THE_WAY as error:
        raise DataError(
            f"cannot write {home}: {_lying_at(error.filename)} is in the way; "
            "remove it, or set DETAUX_CACHE elsewhere"
        ) from error
    except OSError as error:
        raise DataError(
            f"cannot write {home}: {error}; make room there, or set DETAUX_CACHE elsewhere"
        ) from error


@contextmanager
def only_prepared() -> Iterator[None]:
    """Open what has been prepared, and prepare nothing: a try that leaves no trace."""
    token = _may_prepare.set(False)
    try:
        yield
    finally:
        _may_prepare.reset(token)


def entry_folder(kind: str, facts: Mapping[str, Any]) -> Path:
    """Return where the entry of these facts lies, or would.

    Raises:
        LocationError: If `DETAUX_CACHE` names no folder.
    """
    return cache_dir() / safe_name(kind) / entry_name(facts)


def _make_entry(home: Path, facts: Mapping[str, Any], fill: Fill) -> CacheEntry:
    work = home.with_suffix(".partial")
    for folder in (home, work):
        _check_kind(folder, stat.S_ISDIR)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        write_manifest(work, facts, notes=_filled(work, fill))
        shutil.rmtree(home, ignore_errors=True)
        work.rename(home)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    entry = open_entry(home)
    if entry is None:
        raise DataError(
            f"{home} does not hold what was just written; look after the disk, or set DETAUX_CACHE elsewhere"
        )
    return entry


def _filled(work: Path, fill: Fill) -> Mapping[str, Any]:
    """Fill a work folder, and tell what cannot be read from what cannot be written there."""
    try:
        return fill(work / ARRAY)
    except OSError as error:
        place = error.filename
        if not isinstance(place, str):
            kind = work.parent.name
            raise DataError(
                f"cannot read what {kind!r} is made from: {error}; look after the data set's files"
            ) from error
        if Path(place).is_relative_to(work):
            raise
        raise DataError(
            f"cannot read {place}: {error.strerror}; see that it is a file that you may read (chmod u+r), "
            "or name another with the option path"
        ) from error


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Wait until no other process holds the lock; it ends with the process, however that ends."""
    _check_kind(path, stat.S_ISREG)
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _check_kind(path: Path, is_kind: Callable[[int], bool]) -> None:
    """Check that a path is free, or is of a kind; a link is of none.

    Raises:
        FileExistsError: If something else lies there.
    """
    if os.path.lexists(path) and not is_kind(path.lstat().st_mode):
        raise FileExistsError(errno.EEXIST, "something else is in the way", str(path))


def _lying_at(path: str) -> Path:
    """Return a path that cannot be made, or what lies where one of its folders would be."""
    return next(place for place in (Path(path), *Path(path).parents) if os.path.lexists(place))
