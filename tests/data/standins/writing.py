"""What stand-ins are written with: archives, photographs, and files made up that count as the official ones."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PIL import Image

from detaux.data.official.file import OfficialFile


def tar_gz(path: Path, members: Mapping[str, bytes], *extra: tarfile.TarInfo) -> Path:
    """Write an archive of the members, then of `extra`, such as links, that have no content."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in extra:
            archive.addfile(info)
    return path


def link(name: str) -> tarfile.TarInfo:
    """Return a member that leads out of its archive."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return info


def photo(level: int, kind: str = "JPEG", mode: str = "RGB") -> bytes:
    """Return a photograph of one grey level."""
    stream = io.BytesIO()
    Image.new(mode, (24, 16), level if mode == "L" else (level,) * 3).save(stream, kind, quality=95)
    return stream.getvalue()


def as_official(file: OfficialFile, path: Path) -> OfficialFile:
    """Return the official file as it would be, had the content of `path` been published: the size where there is one."""
    digest = hashlib.new(file.algorithm, path.read_bytes(), usedforsecurity=False).hexdigest()
    return replace(file, digest=digest, size=None if file.size is None else path.stat().st_size)
