"""Whether an artifact is the one that its place says, and its files are still what its manifest says."""

from __future__ import annotations

import time
from pathlib import Path

from detaux.core.hashing import file_hash
from detaux.pipeline.job import Job
from detaux.pipeline.manifest import Manifest

HASHED_WHEN_LISTED_BYTES = 1 << 18
"""Files up to this size are checked by hash whenever an artifact is looked up; larger ones when it is used."""
_SETTLED_SECONDS = 1.0


class FileHashes:
    """Hashes of files, remembered for as long as a file's size and time of change stay as they were.

    A file that changed within the last second is hashed anew each time: it could change again within one tick of the
    file system's clock.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Path, int, int], str] = {}

    def of(self, file: Path) -> str:
        """Return the sha256 of a file, 64 hexadecimal digits."""
        state = file.stat()
        known = (file, state.st_size, state.st_mtime_ns)
        if known not in self._known:
            settled = time.time() - state.st_mtime > _SETTLED_SECONDS
            found = file_hash(file)
            if not settled:
                return found
            self._known[known] = found
        return self._known[known]


def find_damage(folder: Path, manifest: Manifest, hashes: FileHashes, *, thorough: bool) -> str:
    """Compare an artifact's files with its manifest.

    Args:
        folder: The artifact.
        manifest: What it should hold.
        hashes: Hashes known so far; those found are added.
        thorough: Whether to hash every file, not only small ones.

    Returns:
        What is wrong, or an empty text.
    """
    for name, expected in manifest.files.items():
        try:
            damage = _find_fault(
                folder / name, expected["bytes"], expected["sha256"], hashes, thorough=thorough
            )
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


def _find_fault(file: Path, size: int, sha256: str, hashes: FileHashes, *, thorough: bool) -> str:
    found = file.stat().st_size
    if found != size:
        return f"has {found} bytes instead of {size}"
    hashed = thorough or size <= HASHED_WHEN_LISTED_BYTES
    if hashed and hashes.of(file) != sha256:
        return "has been altered (its sha256 differs from the manifest)"
    return ""
