"""Arrays prepared once: on disk, memory-mapped, and checked when opened.

An entry is a folder of two files, `array.npy` and `manifest.json`. It is made beside its place under a lock and
renamed into it, so that no reader sees half an entry and two processes do not do the work twice.
"""

from __future__ import annotations

import fcntl
import json
import math
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.hashing import content_hash, file_hash
from detaux.core.paths import cache_dir, safe_name

_ARRAY = "array.npy"
_MANIFEST = "manifest.json"
_HASHED_AT_OPENING_BYTES = 1 << 30


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CacheEntry:
    """A prepared array."""

    array: NDArray[np.uint8]
    """Memory-mapped, read-only."""
    notes: Mapping[str, Any]
    """What its maker noted about it, as JSON values."""


class ArrayWriter:
    """Writes rows of a `.npy` file of known shape in any order, through a plain stream.

    Memory grows by the rows at hand only, where a writable memory map would count every page it touches.
    """

    def __init__(self, path: Path, shape: tuple[int, ...]) -> None:
        self._stream = path.open("wb")
        self._row_shape = shape[1:]
        header = {"descr": "|u1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._stream, header)
        self._offset = self._stream.tell()
        self._stream.truncate(self._offset + math.prod(shape))

    def put(self, start: int, rows: NDArray[np.uint8]) -> None:
        """Write consecutive rows, shape (n, ...), uint8; rows never written stay 0."""
        if rows.shape[1:] != self._row_shape or rows.dtype != np.uint8:
            raise ValueError(
                f"rows must be uint8 of shape {self._row_shape}, found {rows.dtype} of {rows.shape[1:]}"
            )
        self._stream.seek(self._offset + start * math.prod(self._row_shape))
        self._stream.write(np.ascontiguousarray(rows).data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


Fill = Callable[[Path], Mapping[str, Any]]
"""Writes the array to that path, uint8, and returns notes to keep, as JSON values."""


def cached_array(kind: str, facts: Mapping[str, Any], fill: Fill) -> CacheEntry:
    """Open a prepared array, preparing it first where it is missing or damaged.

    Args:
        kind: Folder of such entries in the cache.
        facts: All that the content depends on; they name the entry.
        fill: Makes the content; called at most once.

    Raises:
        DataError: If the cache cannot be written; errors of `fill` pass through and leave no entry.
    """
    home = entry_folder(kind, facts)
    entry = open_entry(home)
    if entry is not None:
        return entry
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with _lock(home.with_suffix(".lock")):
            return open_entry(home) or _make_entry(home, facts, fill)
    except OSError as error:
        raise DataError(
            f"cannot write {home}: {error}; make room there, or set DETAUX_CACHE elsewhere"
        ) from error


def entry_folder(kind: str, facts: Mapping[str, Any]) -> Path:
    """Return where the entry of these facts lies, or would."""
    return cache_dir() / safe_name(kind) / content_hash(facts)[:32]


def open_entry(home: Path) -> CacheEntry | None:
    """Open an entry, or return None where it is missing, or its file is not what the manifest says.

    The file's hash is checked, but for files above 1 GiB that have neither another size nor another time of change.
    """
    try:
        manifest = json.loads((home / _MANIFEST).read_text(encoding="utf-8"))
        if not _is_intact(home / _ARRAY, manifest):
            return None
        array = np.load(home / _ARRAY, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return CacheEntry(array=array, notes=manifest["notes"])


def _is_intact(path: Path, manifest: Mapping[str, Any]) -> bool:
    stat = path.stat()
    if stat.st_size != manifest["bytes"]:
        return False
    if stat.st_size > _HASHED_AT_OPENING_BYTES and stat.st_mtime_ns == manifest["modified_ns"]:
        return True
    return file_hash(path) == str(manifest["sha256"])


def _make_entry(home: Path, facts: Mapping[str, Any], fill: Fill) -> CacheEntry:
    work = home.with_suffix(".partial")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        _write_manifest(work, facts, notes=fill(work / _ARRAY))
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


def _write_manifest(work: Path, facts: Mapping[str, Any], notes: Mapping[str, Any]) -> None:
    path = work / _ARRAY
    stat = path.stat()
    manifest = {
        "facts": facts,
        "notes": notes,
        "sha256": file_hash(path),
        "bytes": stat.st_size,
        "modified_ns": stat.st_mtime_ns,
    }
    (work / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Wait until no other process holds the lock; it ends with the process, however that ends."""
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
