"""A store on a remote file system: artifacts are copied there when done and fetched when needed."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from detaux.core.hashing import content_hash
from detaux.pipeline.manifest import MANIFEST, read_manifest


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
        """Copy a finished artifact to the remote side."""
        target = f"{self._root}/{place}"
        self._files.makedirs(target, exist_ok=True)
        names = sorted(read_manifest(folder).files)
        for name in [*names, MANIFEST]:
            self._files.put_file(str(folder / name), f"{target}/{name}")

    def pull(self, place: str, folder: Path) -> None:
        """Copy an artifact from the remote side if it is whole there; do nothing otherwise."""
        source = f"{self._root}/{place}"
        if not self._files.exists(f"{source}/{MANIFEST}"):
            return
        draft = folder.with_name(f"{folder.name}.pull.{uuid.uuid4().hex[:8]}")
        draft.mkdir(parents=True)
        self._files.get_file(f"{source}/{MANIFEST}", str(draft / MANIFEST))
        for name in read_manifest(draft).files:
            self._files.get_file(f"{source}/{name}", str(draft / name))
        try:
            draft.rename(folder)
        except OSError:
            shutil.rmtree(draft)
