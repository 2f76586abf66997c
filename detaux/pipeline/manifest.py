"""The manifest of an artifact: what it holds, how it came about; written last, so that it proves the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from detaux.core.errors import ArtifactError
from detaux.core.hashing import file_hash
from detaux.core.paths import safe_name

MANIFEST = "manifest.json"

Status = Literal["done", "error", "no_auxiliary_task"]
_KINDS: Mapping[str, Any] = {
    "job": Mapping,
    "reason": str,
    "files": Mapping,
    "seconds": int | float,
    "cpu_seconds": int | float,
    "peak_memory_bytes": int,
    "provenance": Mapping,
}


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
    """`sha256` and size in `bytes` of each file, by a name that leads nowhere but into the artifact."""
    seconds: float
    """Wall-clock seconds of the attempt that finished; those of attempts killed before are not counted."""
    cpu_seconds: float
    """Seconds of processor time that the process spent on that attempt."""
    peak_memory_bytes: int
    """Largest resident memory of that process since it started."""
    provenance: Mapping[str, Any]
    """Commit, versions, machine and time."""

    def __post_init__(self) -> None:
        if self.status not in get_args(Status):
            raise ValueError(f"status must be one of {', '.join(get_args(Status))}, but is {self.status!r}")
        for name, kind in _KINDS.items():
            if not isinstance(getattr(self, name), kind):
                raise TypeError(f"{name} is of type {type(getattr(self, name)).__name__}")
        if self.status == "done" and not self.files:
            raise ValueError("a job that is done has files, but none is listed")
        for name, facts in self.files.items():
            safe_name(name)
            if not {"sha256", "bytes"} <= facts.keys():
                raise ValueError(f"{name} needs its sha256 and bytes, but has {sorted(facts)}")

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
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as fault:
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
