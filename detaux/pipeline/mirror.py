"""A store on a remote file system: artifacts are copied there when done and fetched when needed."""

from __future__ import annotations

from pathlib import Path

from detaux.core.errors import ArtifactError
from detaux.core.hashing import content_hash
from detaux.pipeline.manifest import MANIFEST, Manifest, read_manifest


class Mirror:
    """Copies whole artifacts between a local folder and a URL.

    The manifest is written last on either side, so a copy that was cut off counts as not there.

    Args:
        url: Anything fsspec opens, such as `s3://bucket/runs` or `memory://runs`; the driver for its scheme
            (`s3fs`, `gcsfs`) must be installed.
    """

    def __init__(self, url: str) -> None:
        import fsspec

        self.name = content_hash(url)[:16]
        self._files, self._root = fsspec.core.url_to_fs(url.rstrip("/"))

    def push(self, folder: Path, place: str) -> None:
        """Copy a finished artifact to the remote side, over one that is there."""
        target = f"{self._root}/{place}"
        self._files.makedirs(target, exist_ok=True)
        if self._files.exists(f"{target}/{MANIFEST}"):
            self._files.rm_file(f"{target}/{MANIFEST}")
        names = sorted(read_manifest(folder).files)
        for name in [*names, MANIFEST]:
            self._files.put_file(str(folder / name), f"{target}/{name}")

    def pull(self, place: str, draft: Path, *, only_done: bool) -> bool:
        """Copy an artifact from the remote side into a new folder, if it is whole there.

        Args:
            place: Where it is, below the URL.
            draft: Folder to make. Whatever was copied stays in it, so it is of use only if the answer is True.
            only_done: Whether to leave an artifact that is a failure where it is.

        Returns:
            Whether it was there and was copied.
        """
        source = f"{self._root}/{place}"
        try:
            manifest = self._manifest(source, draft)
            if only_done and manifest.status != "done":
                return False
            for name in manifest.files:
                self._files.get_file(f"{source}/{name}", str(draft / name))
        except (FileNotFoundError, ArtifactError):
            return False
        return True

    def _manifest(self, source: str, draft: Path) -> Manifest:
        if not self._files.exists(f"{source}/{MANIFEST}"):
            raise ArtifactError(f"{source}: no {MANIFEST}")
        draft.mkdir(parents=True)
        self._files.get_file(f"{source}/{MANIFEST}", str(draft / MANIFEST))
        return read_manifest(draft)
