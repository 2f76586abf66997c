"""Which inputs an artifact was made of, told by content, since an artifact made anew may differ from the one before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from detaux.core.errors import ArtifactError
from detaux.core.hashing import content_hash
from detaux.pipeline.manifest import Manifest, read_manifest
from detaux.pipeline.places import place_of


def contents_of(inputs: Mapping[str, Path]) -> dict[str, str]:
    """Return the hash of the content of each input by role, to be kept in a job's provenance.

    Raises:
        ArtifactError: If one has no manifest.
    """
    return {role: content_of(read_manifest(folder)) for role, folder in inputs.items()}


def content_of(manifest: Manifest) -> str:
    """Return the hash of an artifact's files, by name: equal content, equal hash, however it came about."""
    return content_hash({name: facts["sha256"] for name, facts in manifest.files.items()})


def find_outdated_input(manifest: Manifest, root: Path) -> str:
    """Say that an input in the store has another content than the one an artifact was made of.

    An input that is gone, or cannot be read, is no fault of the artifact.

    Args:
        manifest: That of the artifact.
        root: The store's folder.

    Returns:
        What is wrong, or an empty text.
    """
    known = manifest.provenance.get("inputs")
    for role, was in known.items() if isinstance(known, Mapping) else ():
        now = _content_at(place_of(root, role, manifest.job["inputs"].get(role, "")))
        if now not in ("", was):
            return f"was made of another {role} artifact than the one that is there now"
    return ""


def _content_at(folder: Path) -> str:
    try:
        return content_of(read_manifest(folder))
    except ArtifactError:
        return ""
