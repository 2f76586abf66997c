"""Where artifacts live, each in a folder named by its job's key."""

from __future__ import annotations

import json
import os
import shutil
import socket
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from detaux.core.errors import ArtifactError
from detaux.core.paths import cache_dir, safe_name
from detaux.pipeline.manifest import Manifest, Status, find_damage, read_manifest
from detaux.pipeline.mirror import Mirror

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


class Store:
    """Artifacts by stage and key, as `<store>/<stage>/<ab>/<key>/`.

    An artifact appears by one rename and never changes, so any number of drivers and nodes may share a store.

    Args:
        location: A folder, made when first written to; or a URL that fsspec understands (`s3://bucket/runs`),
            which is then mirrored in a local folder.
    """

    def __init__(self, location: str | Path) -> None:
        self.location = str(location)
        self._mirror = Mirror(self.location) if "://" in self.location else None
        self.root = (
            cache_dir() / "stores" / self._mirror.name
            if self._mirror
            else Path(location).expanduser().resolve()
        )
        self._verified: dict[str, float] = {}

    def folder(self, stage: str, key: str) -> Path:
        """Return the folder that holds, or would hold, the artifact of a job."""
        return self.root / safe_name(stage) / safe_name(key)[:2] / key

    def work_folder(self, key: str) -> Path:
        """Return the folder for a job's checkpoints, claim and progress, which lives until the job is done."""
        return self.root / "work" / safe_name(key)

    def standing(self, stage: str, key: str, *, thorough: bool = False) -> tuple[Standing, str]:
        """Say how a job stands, and why if it is not done.

        Sizes of all files and hashes of small ones are checked; hashes of all of them if `thorough`.
        """
        folder = self._fetched(stage, key)
        if not folder.is_dir():
            return "missing", ""
        try:
            manifest = read_manifest(folder)
        except ArtifactError as fault:
            return "damaged", str(fault)
        damage = find_damage(folder, manifest, thorough=thorough)
        return ("damaged", f"{folder}: {damage}") if damage else (manifest.status, manifest.reason)

    def open(self, stage: str, key: str) -> Artifact:
        """Return an artifact after checking every file against its hash, once a process.

        Raises:
            ArtifactError: If it is missing or damaged; running the suite again makes it anew.
        """
        folder = self._fetched(stage, key)
        manifest = read_manifest(folder)
        changed = max((file.stat().st_mtime for file in folder.iterdir()), default=0.0)
        if self._verified.get(key) != changed:
            damage = find_damage(folder, manifest, thorough=True)
            if damage:
                raise ArtifactError(f"{folder}: {damage}; run the suite again to redo this job")
            self._verified[key] = changed
        return Artifact(path=folder, manifest=manifest)

    def draft(self, stage: str, key: str) -> Path:
        """Make an empty folder, beside its final place, in which a job writes its files."""
        self._sweep(stage, key)
        folder = self.folder(stage, key)
        draft = folder.with_name(f"{key}.{_owner()}.{uuid.uuid4().hex[:8]}")
        draft.mkdir(parents=True)
        return draft

    def publish(self, draft: Path, stage: str, key: str) -> Path:
        """Move a finished draft, manifest included, to its final place.

        A sound artifact that is there already, made by another driver meanwhile, is kept and the draft dropped.
        """
        folder = self.folder(stage, key)
        if folder.exists() and self._is_replaceable(stage, key):
            shutil.rmtree(_set_aside(folder))
        try:
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
            shutil.rmtree(draft)
        if self._mirror:
            self._mirror.push(folder, f"{stage}/{key[:2]}/{key}")
        return folder

    def discard(self, stage: str, key: str) -> None:
        """Remove an artifact that is of no use."""
        shutil.rmtree(_set_aside(self.folder(stage, key)))

    def _is_replaceable(self, stage: str, key: str) -> bool:
        return self.standing(stage, key, thorough=True)[0] != "done"

    def _fetched(self, stage: str, key: str) -> Path:
        folder = self.folder(stage, key)
        if self._mirror and not folder.is_dir():
            self._mirror.pull(f"{stage}/{key[:2]}/{key}", folder)
        return folder

    def _sweep(self, stage: str, key: str) -> None:
        """Remove drafts that killed processes of this machine left behind for the same job."""
        folder = self.folder(stage, key)
        for left in folder.parent.glob(f"{key}.*"):
            host, _, process = left.name.removeprefix(f"{key}.").split(".")[0].rpartition("-")
            if host == _host() and not is_alive(int(process)):
                shutil.rmtree(left, ignore_errors=True)


def _host() -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in socket.gethostname())


def _owner() -> str:
    return f"{_host()}-{os.getpid()}"


def _set_aside(folder: Path) -> Path:
    aside = folder.with_name(f"{folder.name}.{_owner()}.{uuid.uuid4().hex[:8]}")
    folder.rename(aside)
    return aside


def is_alive(process: int) -> bool:
    """Say whether a process of this machine is running."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


__all__ = ["Artifact", "Standing", "Status", "Store", "is_alive"]
