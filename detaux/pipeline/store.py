"""Where artifacts live, each in a folder named by its job's key."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from detaux.core.errors import ArtifactError
from detaux.core.folders import used_as
from detaux.core.paths import cache_dir, safe_name
from detaux.pipeline.artifact import Artifact, Standing, read_artifact
from detaux.pipeline.damage import FileHashes
from detaux.pipeline.location import check_root, local_root, read_location
from detaux.pipeline.manifest import Status, read_manifest
from detaux.pipeline.mirror import Mirror
from detaux.pipeline.places import beside, move, place_of, remove, sweep
from detaux.pipeline.sound import SoundBook

__all__ = ["Artifact", "Standing", "Status", "Store"]


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
        self.sound = SoundBook(self.root)
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
        return place_of(self.root, stage, key)

    def work_folder(self, key: str) -> Path:
        """Return the folder for a job's checkpoints and progress, which lives until the job is done."""
        return self.root / "work" / safe_name(key)

    def standing(self, stage: str, key: str) -> tuple[Standing, str]:
        """Say how a job stands, and why if it is not done.

        Every file is checked by hash, but not hashed again in this process while it stays as it was. An artifact that
        was made of inputs which have changed since counts as damaged.
        """
        folder = self._fetched(stage, key)
        if not os.path.lexists(folder):
            return "missing", ""
        try:
            artifact = read_artifact(self.root, folder, self._hashes)
        except ArtifactError as damage:
            return "damaged", str(damage)
        return artifact.manifest.status, artifact.manifest.reason

    def open(self, stage: str, key: str) -> Artifact:
        """Return an artifact after checking every file against its hash, as `standing` does.

        Raises:
            ArtifactError: If it is missing or damaged; running the suite again makes it anew.
        """
        folder = self._fetched(stage, key)
        try:
            return read_artifact(self.root, folder, self._hashes)
        except ArtifactError as damage:
            if os.path.lexists(folder):
                self.sound.forget()
            raise ArtifactError(f"{damage}; run the suite again to redo this job") from damage

    def draft(self, stage: str, key: str) -> Path:
        """Make an empty folder, beside its final place, in which a job writes its files.

        Raises:
            LocationError: If it cannot be made.
        """
        folder = self.folder(stage, key)
        sweep(folder)
        draft = beside(folder)
        with used_as("--store", draft.parent):
            draft.mkdir(parents=True)
        return draft

    def publish(self, draft: Path, stage: str, key: str) -> Path:
        """Move a finished draft, manifest included, to its final place, and return that.

        A sound result that is there already, made by another driver meanwhile, is kept and the draft dropped.
        """
        folder = self.folder(stage, key)
        if self.standing(stage, key)[0] not in ("done", "missing"):
            remove(folder)
        if move(draft, folder) and self._mirror:
            self._mirror.push(folder, _place(stage, key))
        return folder

    def _fetched(self, stage: str, key: str) -> Path:
        """Return a job's folder, after bringing the remote artifact there if it is better than the local one."""
        folder = self.folder(stage, key)
        if self._mirror is None or _is_done(folder):
            return folder
        draft = beside(folder)
        try:
            if self._mirror.pull(_place(stage, key), draft, only_done=os.path.lexists(folder)):
                remove(folder)
                move(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return folder


def _place(stage: str, key: str) -> str:
    return f"{stage}/{key[:2]}/{key}"


def _is_done(folder: Path) -> bool:
    try:
        return read_manifest(folder).status == "done"
    except ArtifactError:
        return False
