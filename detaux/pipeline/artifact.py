"""One artifact as it lies in a store: read, and compared with what its place and its manifest say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from detaux.core.errors import ArtifactError
from detaux.pipeline.damage import FileHashes, find_damage, find_stranger
from detaux.pipeline.lineage import find_outdated_input
from detaux.pipeline.manifest import Manifest, read_manifest

Standing = Literal["done", "error", "no_auxiliary_task", "missing", "damaged"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Artifact:
    """A finished job's folder and its manifest."""

    path: Path
    """The folder."""
    manifest: Manifest
    """What it holds and how it came about."""

    def scores(self) -> list[dict[str, Any]]:
        """Return the job's scores: dicts with `split`, `name` and `value`; none if it has no scores."""
        file = self.path / "scores.json"
        return json.loads(file.read_text()) if file.is_file() else []


def read_artifact(root: Path, folder: Path, hashes: FileHashes) -> Artifact:
    """Read the artifact in a folder of a store, after checking it.

    Args:
        root: The store's folder.
        folder: The artifact's, `<root>/<stage>/<ab>/<key>`.
        hashes: Hashes known so far; those found are added.

    Raises:
        ArtifactError: If it is not whole, is another job's, or was made of inputs that have changed since.
    """
    manifest = read_manifest(folder)
    fault = (
        find_stranger(manifest, folder.parents[1].name, folder.name)
        or find_damage(folder, manifest, hashes)
        or find_outdated_input(manifest, root)
    )
    if fault:
        raise ArtifactError(f"{folder}: {fault}")
    return Artifact(path=folder, manifest=manifest)
