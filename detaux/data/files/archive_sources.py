"""Members of archives, which are read as they are and never unpacked to disk."""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from pathlib import Path, PureWindowsPath

from detaux.core.errors import DataError
from detaux.core.hashing import file_hash
from detaux.core.progress import Progress
from detaux.data.files.cached_names import cached_names
from detaux.data.files.image_source import DamagedImageError, check_size, is_utf8, reading
from detaux.data.files.tar_reading import check_end, open_tar

_PIECE_BYTES = 4096  # of a member read at once: what a false size hides comes out a piece at a time
_LOCKED = 0x1 | 0x20 | 0x40  # flags of a zip member: encrypted, patch data, strongly encrypted
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}


class ZipSource:
    """Members of a zip file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """List members; see `ImageSource.names`."""
        with reading(self._path), zipfile.ZipFile(self._path) as archive:
            return _once(self._path, [self._checked(member) for member in archive.infolist()])

    def read(self, wanted: Collection[str]) -> Iterator[tuple[str, bytes | DamagedImageError]]:
        """Read members; see `ImageSource.read`."""
        with reading(self._path), zipfile.ZipFile(self._path) as archive:
            for member in archive.infolist():
                name = self._checked(member)
                if name in wanted:
                    yield name, _content(archive, member)

    def content_hash(self, wanted: Callable[[str], bool], progress: Progress) -> str:  # noqa: ARG002 - it is hashed whole
        """Hash the archive; see `ImageSource.content_hash`."""
        with reading(self._path):
            return file_hash(self._path)

    def _checked(self, member: zipfile.ZipInfo) -> str:
        name = _plain_name(self._path, member.filename, is_folder=member.is_dir())
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _refusal(self._path, name, "is a link")
        if member.flag_bits & _LOCKED:
            raise _refusal(self._path, name, "is encrypted", "without a password")
        if member.compress_type not in _METHODS:
            method = f"is compressed by the unknown method {member.compress_type}"
            raise _refusal(self._path, name, method, "by the method 'deflate'")
        return name


class TarSource:
    """Members of a tar file, compressed or not."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """List members; see `ImageSource.names`."""
        return cached_names(self._hash, self._listed)

    def read(self, wanted: Collection[str]) -> Iterator[tuple[str, bytes | DamagedImageError]]:
        """Read members; see `ImageSource.read`."""
        with open_tar(self._path) as archive:
            for member in archive:
                name = self._checked(member)
                if name in wanted:
                    yield name, _tar_content(archive, member)

    def content_hash(self, wanted: Callable[[str], bool], progress: Progress) -> str:  # noqa: ARG002 - it is hashed whole
        """Hash the archive; see `ImageSource.content_hash`."""
        return self._hash

    @cached_property
    def _hash(self) -> str:
        with reading(self._path):
            return file_hash(self._path)

    def _listed(self) -> list[str]:
        with open_tar(self._path) as archive:
            names = [self._checked(member) for member in archive]
            check_end(archive)
        return _once(self._path, names)

    def _checked(self, member: tarfile.TarInfo) -> str:
        if not (member.isfile() or member.isdir()):
            raise _refusal(self._path, member.name, "is a link or a device")
        return _plain_name(self._path, member.name, is_folder=member.isdir())


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | DamagedImageError:
    """Read a member in small pieces: no more than its declared size is ever unpacked, but for one piece."""
    try:
        check_size(member.file_size)
    except DamagedImageError as damage:
        return damage
    with archive.open(member) as stream:
        return b"".join(iter(lambda: stream.read(_PIECE_BYTES), b""))


def _tar_content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes | DamagedImageError:
    try:
        check_size(member.size)
    except DamagedImageError as damage:
        return damage
    stream = archive.extractfile(member)
    return DamagedImageError("is no regular file; remove it") if stream is None else stream.read()


def _plain_name(path: Path, name: str, *, is_folder: bool) -> str:
    """Return a member's name with slashes, or refuse one that leads out of the archive on any system."""
    member = PureWindowsPath(name)
    if member.anchor or ".." in member.parts:
        raise _refusal(path, name, "leads out of the archive")
    if not is_utf8(name):
        raise _refusal(path, name, "has a name that is not UTF-8", "under another name")
    return member.as_posix() + ("/" if is_folder else "")


def _once(path: Path, names: list[str]) -> list[str]:
    """Return plain names, or refuse a file that is there twice: whoever unpacks it would keep one of them unsaid."""
    for name, count in Counter(names).items():
        if count > 1 and not name.endswith("/"):
            raise _refusal(path, name, f"is there {count} times", "with each file once")
    return names


def _refusal(path: Path, name: str, why: str, remedy: str = "without it") -> DataError:
    return DataError(f"{path}: the member {name!r} {why}; pack the images again {remedy}")
