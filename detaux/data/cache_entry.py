"""An entry of the cache on disk: how it is described, and whether it is still what was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.hashing import content_hash, file_hash

ARRAY = "array.npy"
_MANIFEST = "manifest.json"
_DIGEST = "manifest_sha256"
_HASHED_AT_OPENING_BYTES = 1 << 30
_FAULTS = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What a file that holds anything at all can raise when it is read as a manifest or an array."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CacheEntry:
    """A prepared array."""

    array: NDArray[np.uint8]
    """Memory-mapped, read-only."""
    notes: Mapping[str, Any]
    """What its maker noted about it, as JSON values."""


def entry_name(facts: Mapping[str, Any]) -> str:
    """Return the name of the folder of the entry of these facts."""
    return content_hash(facts)[:32]


def open_entry(home: Path) -> CacheEntry | None:
    """Open an entry, or return None where it is missing, or any of it is not what was written.

    The manifest is told by its own digest, and by the folder's name. The array's hash is checked, but for files above
    1 GiB that have neither another size nor another time of change.
    """
    try:
        manifest = json.loads((home / _MANIFEST).read_text(encoding="utf-8"))
        if not (_is_sound(manifest, home) and _is_intact(home / ARRAY, manifest)):
            return None
        array = np.load(home / ARRAY, mmap_mode="r", allow_pickle=False)
    except _FAULTS:
        return None
    return CacheEntry(array=array, notes=manifest["notes"])


def write_manifest(folder: Path, facts: Mapping[str, Any], notes: Mapping[str, Any]) -> None:
    """Describe the array in a folder: what it was made from, what is noted about it, and how to tell it."""
    path = folder / ARRAY
    stat = path.stat()
    manifest = {
        "facts": facts,
        "notes": notes,
        "sha256": file_hash(path),
        "bytes": stat.st_size,
        "modified_ns": stat.st_mtime_ns,
    }
    text = json.dumps({**manifest, _DIGEST: content_hash(manifest)}, indent=1)
    (folder / _MANIFEST).write_text(text, encoding="utf-8")


def _is_sound(manifest: dict[str, Any], home: Path) -> bool:
    described = {key: value for key, value in manifest.items() if key != _DIGEST}
    return manifest[_DIGEST] == content_hash(described) and home.name == entry_name(manifest["facts"])


def _is_intact(path: Path, manifest: Mapping[str, Any]) -> bool:
    stat = path.stat()
    if stat.st_size != manifest["bytes"]:
        return False
    if stat.st_size > _HASHED_AT_OPENING_BYTES and stat.st_mtime_ns == manifest["modified_ns"]:
        return True
    return file_hash(path) == str(manifest["sha256"])
