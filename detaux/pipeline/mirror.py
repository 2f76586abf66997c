"""A store on a remote file system: artifacts are copied there when done and fetched when needed."""

from __future__ import annotations

from pathlib import Path

from detaux.core.errors import ArtifactError
from detaux.core.folders import unusable
from detaux.core.hashing import content_hash
from detaux.pipeline.manifest import MANIFEST, Manifest, read_manifest
from detaux.pipeline.processes import new_mark

_REMEDY = "`pip install s3fs` serves s3://, `pip install gcsfs` serves gs://"


class Mirror:
    """Copies whole artifacts between a local folder and a URL.

    The manifest is written last on either side, so a copy that was cut off counts as not there.

    Args:
        url: Anything fsspec opens, such as `s3://bucket/runs` or `memory://runs`; the driver for its scheme
            (`s3fs`, `gcsfs`) must be installed.

    Raises:
        LocationError: If the URL is none, or the driver for its scheme is missing.
    """

    def __init__(self, url: str) -> None:
        import fsspec

        scheme, _, path = url.partition("://")
        if not scheme or not path.strip("/"):
            raise unusable("--store", url, "a URL is written as s3://bucket/folder")
        self.name, self._url = content_hash(url)[:16], url
        try:
            self._files, self._root = fsspec.core.url_to_fs(url.rstrip("/"))
        except ImportError as fault:
            raise unusable("--store", url, f"{fault}; {_REMEDY}") from fault
        except Exception as fault:  # each driver has errors of its own
            raise unusable("--store", url, fault) from fault

    def check(self, *, writable: bool) -> None:
        """Check that the remote side answers, and takes a small file where it is to be written.

        Raises:
            LocationError: If it does not.
        """
        probe = f"{self._root}/.probe-{new_mark()}"
        try:
            self._files.exists(self._root)
            if writable:
                self._files.makedirs(self._root, exist_ok=True)
                self._files.pipe_file(probe, b"detaux")
                self._files.rm_file(probe)
        except Exception as fault:  # each driver has errors of its own
            raise unusable("--store", self._url, fault) from fault

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
