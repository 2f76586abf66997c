"""Where artifacts live, each in a folder named by its job's key."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from detaux.core.errors import ArtifactError
from detaux.core.folders import used_as
from detaux.core.paths import cache_dir, safe_name
from detaux.pipeline.damage import FileHashes, find_damage, find_stranger
from detaux.pipeline.location import check_root, local_root, read_location
from detaux.pipeline.manifest import Manifest, Status, read_manifest
from detaux.pipeline.mirror import Mirror
from detaux.pipeline.processes import is_dead, new_mark

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

    An artifact appears by one rename and never changes, so any number of drivers and nodes may share a store. Only a
    failure or a damaged artifact is ever replaced.

    A store at a URL is mirrored in a local folder: artifacts are copied there when made, and fetched when the local
    folder has none, or only a failure. Claims and checkpoints stay in that folder. So two machines that run the same
    job at the same time both do its work, and a job killed on one machine starts anew on another.

    Args:
        location: A folder, made when first written to; or a URL that fsspec understands (`s3://bucket/runs`).

    Raises:
        LocationError: If the location is none.
    """

    def __init__(self, location: str | Path) -> None:
        self.location = read_location(location)
        self._mirror = Mirror(self.location) if "://" in self.location else None
        self.root = cache_dir() / "stores" / self._mirror.name if self._mirror else local_root(self.location)
        self.claims = self.root / "claims"
        self._hashes = FileHashes()

    def check(self, *, writable: bool = False) -> None:
        """Check that the store can be read, and written where that is asked; a missing one must be makeable.

        Raises:
            LocationError: If it cannot.
        """
        check_root(self.root, writable=writable)
        if self._mirror:
            self._mirror.check(writable=writable)

    def folder(self, stage: str, key: str) -> Path:
        """Return the folder that holds, or would hold, the artifact of a job."""
        return self.root / safe_name(stage) / safe_name(key)[:2] / key

    def work_folder(self, key: str) -> Path:
        """Return the folder for a job's checkpoints and progress, which lives until the job is done."""
        return self.root / "work" / safe_name(key)

    def standing(self, stage: str, key: str, *, thorough: bool = False) -> tuple[Standing, str]:
        """Say how a job stands, and why if it is not done.

        Sizes of all files and hashes of small ones are checked; hashes of all of them if `thorough`. A file is not
        hashed again in this process until its size or time of change differ.
        """
        folder = self._fetched(stage, key)
        if not os.path.lexists(folder):
            return "missing", ""
        try:
            artifact = self._checked(folder, stage, key, thorough=thorough)
        except ArtifactError as damage:
            return "damaged", str(damage)
        return artifact.manifest.status, artifact.manifest.reason

    def open(self, stage: str, key: str) -> Artifact:
        """Return an artifact after checking every file against its hash, as a thorough `standing` does.

        Raises:
            ArtifactError: If it is missing or damaged; running the suite again makes it anew.
        """
        try:
            return self._checked(self._fetched(stage, key), stage, key, thorough=True)
        except ArtifactError as damage:
            raise ArtifactError(f"{damage}; run the suite again to redo this job") from damage

    def draft(self, stage: str, key: str) -> Path:
        """Make an empty folder, beside its final place, in which a job writes its files.

        Raises:
            LocationError: If it cannot be made.
        """
        self._sweep(stage, key)
        draft = _beside(self.folder(stage, key))
        with used_as("--store", draft.parent):
            draft.mkdir(parents=True)
        return draft

    def publish(self, draft: Path, stage: str, key: str) -> Path:
        """Move a finished draft, manifest included, to its final place, and return that.

        A sound result that is there already, made by another driver meanwhile, is kept and the draft dropped.
        """
        folder = self.folder(stage, key)
        if self.standing(stage, key, thorough=True)[0] not in ("done", "missing"):
            _remove(folder)
        if _move(draft, folder) and self._mirror:
            self._mirror.push(folder, _place(stage, key))
        return folder

    def _checked(self, folder: Path, stage: str, key: str, *, thorough: bool) -> Artifact:
        manifest = read_manifest(folder)
        damage = find_stranger(manifest, stage, key) or find_damage(
            folder, manifest, self._hashes, thorough=thorough
        )
        if damage:
            raise ArtifactError(f"{folder}: {damage}")
        return Artifact(path=folder, manifest=manifest)

    def _fetched(self, stage: str, key: str) -> Path:
        """Return a job's folder, after bringing the remote artifact there if it is better than the local one."""
        folder = self.folder(stage, key)
        if self._mirror is None or _is_done(folder):
            return folder
        draft = _beside(folder)
        try:
            if self._mirror.pull(_place(stage, key), draft, only_done=os.path.lexists(folder)):
                _remove(folder)
                _move(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return folder

    def _sweep(self, stage: str, key: str) -> None:
        """Remove drafts that killed processes of this machine left behind for the same job."""
        for left in self.folder(stage, key).parent.glob(f"{key}.*"):
            if is_dead(left.name.removeprefix(f"{key}.")):
                shutil.rmtree(left, ignore_errors=True)


def _place(stage: str, key: str) -> str:
    return f"{stage}/{key[:2]}/{key}"


def _is_done(folder: Path) -> bool:
    try:
        return read_manifest(folder).status == "done"
    except ArtifactError:
        return False


def _beside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.{new_mark()}")


def _remove(folder: Path) -> None:
    """Remove a folder, or what lies in its place, by one rename first, so that no one sees a part of it.

    Another process may have been quicker.
    """
    aside = _beside(folder)
    with suppress(FileNotFoundError):
        folder.rename(aside)
        if aside.is_dir() and not aside.is_symlink():
            shutil.rmtree(aside)
        else:
            aside.unlink()


def _move(draft: Path, folder: Path) -> bool:
    """Move a draft to its final place, or drop it if another is there; say which."""
    try:
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(draft)
        return False
    return True


__all__ = ["Artifact", "Standing", "Status", "Store"]
