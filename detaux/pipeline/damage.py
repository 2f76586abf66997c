"""Whether an artifact is the one that its place says, and its files are still what its manifest says."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Protocol

from detaux.core.hashing import file_hash
from detaux.pipeline.job import Job
from detaux.pipeline.manifest import Manifest

SETTLED_SECONDS = 1.0
"""What changed within that time could change again within one tick of the file system's clock."""


class HasState(Protocol):
    """A path, or an entry of a folder."""

    def stat(self) -> os.stat_result:
        """Return what the system knows of it."""


def state_of(file: HasState) -> tuple[int, int, int, int]:
    """Return size, times of content and of entry in ns, and inode: no write leaves all of them as they were.

    Raises:
        OSError: If there is no such file.
    """
    state = file.stat()
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


class FileHashes:
    """Hashes of files, remembered while size, times and inode of a file stay as they were.

    A file that changed within the last second is hashed anew each time.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Path, tuple[int, int, int, int]], str] = {}

    def of(self, file: Path) -> str:
        """Return the sha256 of a file, 64 hexadecimal digits."""
        state = state_of(file)
        if (file, state) in self._known:
            return self._known[file, state]
        settled = time.time() - max(state[1:3]) / 1e9 > SETTLED_SECONDS
        found = file_hash(file)
        if settled:
            self._known[file, state] = found
        return found


def find_damage(folder: Path, manifest: Manifest, hashes: FileHashes) -> str:
    """Compare an artifact's files with its manifest.

    Args:
        folder: The artifact.
        manifest: What it should hold.
        hashes: Hashes known so far; those found are added.

    Returns:
        What is wrong, or an empty text.
    """
    for name, expected in manifest.files.items():
        try:
            damage = _find_fault(folder / name, expected["bytes"], expected["sha256"], hashes)
        except FileNotFoundError:
            damage = "is missing"
        except OSError as fault:
            damage = f"cannot be read ({fault.strerror})"
        if damage:
            return f"{name} {damage}"
    return ""


def find_stranger(manifest: Manifest, stage: str, key: str) -> str:
    """Say that an artifact is of another job than the one whose place it is in; an empty text if it is not."""
    try:
        job = Job(**manifest.job)
    except (TypeError, ValueError, RecursionError) as fault:
        return f"its manifest names no job ({fault})"
    return "" if (job.stage, job.key) == (stage, key) else f"holds the {job.stage} job {job.key}"


def _find_fault(file: Path, size: int, sha256: str, hashes: FileHashes) -> str:
    found = file.stat().st_size
    if found != size:
        return f"has {found} bytes instead of {size}"
    if hashes.of(file) != sha256:
        return "has been altered (its sha256 differs from the manifest)"
    return ""
