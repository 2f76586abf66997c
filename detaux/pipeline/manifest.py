"""The manifest of an artifact: what it holds, how it came about; written last, so that it proves the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from detaux.core.errors import ArtifactError
from detaux.core.hashing import file_hash

MANIFEST = "manifest.json"
HASHED_WHEN_LISTED_BYTES = 1 << 18
"""Files up to this size are checked by hash whenever an artifact is looked up; larger ones when it is used."""

Status = Literal["done", "error", "no_auxiliary_task"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What is known of a finished job."""

    job: Mapping[str, Any]
    """Stage, config, inputs, fingerprint and seed, as plain JSON values."""
    status: Status
    """How the job ended."""
    reason: str
    """Why, where it is not `done`; else empty."""
    files: Mapping[str, Mapping[str, Any]]
    """sha256 and size in bytes of each file."""
    seconds: float
    """Wall-clock seconds, over all attempts since the last start from nothing."""
    cpu_seconds: float
    """Seconds of processor time of the process that finished the job."""
    peak_memory_bytes: int
    """Largest resident memory of that process since it started."""
    provenance: Mapping[str, Any]
    """Commit, versions, machine and time."""

    def write(self, folder: Path) -> None:
        """Write the manifest into an artifact's folder."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1, sort_keys=True, allow_nan=False))


def read_manifest(folder: Path) -> Manifest:
    """Read an artifact's manifest.

    Raises:
        ArtifactError: If it is missing or cannot be understood.
    """
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as fault:
        raise ArtifactError(
            f"{folder}: no readable {MANIFEST} ({fault}); the job counts as not done"
        ) from fault


def describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Return sha256 and size in bytes of every file in a flat folder, by name."""
    return {
        file.name: {"sha256": file_hash(file), "bytes": file.stat().st_size}
        for file in sorted(folder.iterdir())
        if file.name != MANIFEST
    }


def find_damage(folder: Path, manifest: Manifest, *, thorough: bool) -> str:
    """Compare an artifact's files with its manifest.

    Args:
        folder: The artifact.
        manifest: What it should hold.
        thorough: Whether to hash every file, not only small ones.

    Returns:
        What is wrong, or an empty text.
    """
    for name, expected in manifest.files.items():
        file = folder / name
        if not file.is_file():
            return f"{name} is missing"
        if file.stat().st_size != expected["bytes"]:
            return f"{name} has {file.stat().st_size} bytes instead of {expected['bytes']}"
        hashed = thorough or expected["bytes"] <= HASHED_WHEN_LISTED_BYTES
        if hashed and file_hash(file) != expected["sha256"]:
            return f"{name} has been altered (its sha256 differs from the manifest)"
    return ""
