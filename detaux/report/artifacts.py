"""What the store still holds of the jobs behind a report: pictures, data descriptions, provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from detaux.core.errors import ArtifactError
from detaux.pipeline.store import Artifact, Store

_VARYING = ("time", "commit")


@dataclass(frozen=True, kw_only=True)
class Artifacts:
    """Reads artifacts of a store that may lack some or all of them."""

    location: Path
    """The store's folder."""

    @cached_property
    def _store(self) -> Store:
        return Store(self.location)

    def picture(self, stage: str, key: str, name: str) -> bytes | None:
        """Return a PNG file of an artifact; None if the store does not hold it whole."""
        artifact = self._open(stage, key)
        file = artifact.path / name if artifact else None
        return file.read_bytes() if file and file.is_file() else None

    def describe_data(self, key: str) -> Mapping[str, Any]:
        """Return what a `data` artifact says of its data set and split; empty if the store does not hold it."""
        artifact = self._open("data", key)
        if artifact is None:
            return {}
        described: dict[str, Any] = json.loads((artifact.path / "dataset.json").read_text(encoding="utf-8"))
        return described

    def warnings(self, stage: str, key: str) -> list[str]:
        """Return what an artifact's job warned of; nothing if the store does not hold it."""
        artifact = self._open(stage, key)
        file = artifact.path / "notes.json" if artifact else None
        if file is None or not file.is_file():
            return []
        return [str(warning) for warning in json.loads(file.read_text(encoding="utf-8"))]

    def provenance(self, runs: pd.DataFrame) -> dict[str, list[str]]:
        """Return the distinct values of every field of provenance, over the last jobs of the runs."""
        found: dict[str, dict[str, None]] = {}
        for key in runs["learn_key"].dropna().unique():
            artifact = self._open("learn", key)
            for name, value in _flat(artifact.manifest.provenance if artifact else {}).items():
                found.setdefault(name, {})[value] = None
        return {name: list(values) for name, values in found.items() if name not in _VARYING}

    def _open(self, stage: str, key: str) -> Artifact | None:
        try:
            return self._store.open(stage, key)
        except (ArtifactError, OSError, ValueError):
            return None


def _flat(provenance: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in provenance.items():
        nested = isinstance(value, Mapping)
        flat |= _flat(value, f"{name}: ") if nested else {f"{prefix}{name}": str(value)}
    return {name: value for name, value in flat.items() if value}
