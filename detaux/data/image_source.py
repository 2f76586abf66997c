"""Files of a folder or of an archive of one, by name; an archive is read as it is and never unpacked to disk."""

from __future__ import annotations

import hashlib
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Protocol

from detaux.core.errors import DataError
from detaux.core.hashing import file_hash
from detaux.core.progress import Progress

_UNREADABLE = (tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, zlib.error, EOFError, OSError)


class ImageSource(Protocol):
    """Where a data set's files are read from. Names are relative, with slashes; those of folders end in one."""

    def names(self) -> list[str]:
        """List files and folders, in no particular order.

        Raises:
            DataError: If an archive is damaged, or holds a link or a name that leads out of it.
        """
        ...

    def read(self, wanted: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Read the wanted files, in the order of the source.

        Yields:
            Name and content of each.

        Raises:
            DataError: If an archive is damaged.
        """
        ...

    def content_hash(self, wanted: Callable[[str], bool], progress: Progress) -> str:
        """Return 64 hexadecimal digits that change with the names and contents of the wanted files."""
        ...


def open_source(path: Path) -> ImageSource:
    """Open a folder, a zip file, or a tar file of any compression.

    Raises:
        DataError: If there is none at `path`.
    """
    if path.is_dir():
        return FolderSource(path)
    if not path.is_file():
        raise DataError(f"there is no folder and no archive at {path}; look after the option 'path'")
    if zipfile.is_zipfile(path):
        return ZipSource(path)
    return TarSource(path)


class FolderSource:
    """Files below a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """List files and folders; see `ImageSource.names`."""
        return [
            member.relative_to(self._path).as_posix() + ("/" if member.is_dir() else "")
            for member in self._path.rglob("*")
        ]

    def read(self, wanted: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Read files; see `ImageSource.read`."""
        with _reading(self._path):
            for name in wanted:
                yield name, (self._path / name).read_bytes()

    def content_hash(self, wanted: Callable[[str], bool], progress: Progress) -> str:
        """Hash every wanted file; see `ImageSource.content_hash`."""
        digest = hashlib.sha256()
        with _reading(self._path):
            names = sorted(filter(wanted, self.names()))
            for done, name in enumerate(names, start=1):
                digest.update(f"{name}\0{file_hash(self._path / name)}\0".encode())
                progress(done / len(names), f"reading {len(names)} images of {self._path}")
        return digest.hexdigest()


class ZipSource:
    """Members of a zip file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """List members; see `ImageSource.names`."""
        with _reading(self._path), zipfile.ZipFile(self._path) as archive:
            for member in archive.infolist():
                if stat.S_ISLNK(member.external_attr >> 16):
                    raise _refusal(self._path, member.filename, "is a link")
            return [
                _checked(self._path, member.filename, is_folder=member.is_dir())
                for member in archive.infolist()
            ]

    def read(self, wanted: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Read members; see `ImageSource.read`."""
        with _reading(self._path), zipfile.ZipFile(self._path) as archive:
            for member in archive.infolist():
                name = _checked(self._path, member.filename, is_folder=member.is_dir())
                if name in wanted:
                    yield name, archive.read(member)

    def content_hash(self, wanted: Callable[[str], bool], progress: Progress) -> str:  # noqa: ARG002 - it is hashed whole
        """Hash the archive; see `ImageSource.content_hash`."""
        return file_hash(self._path)


class TarSource:
    """Members of a tar file, compressed or not."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """List members; see `ImageSource.names`."""
        names = []
        with _reading(self._path), tarfile.open(self._path) as archive:
            for member in archive:
                if not (member.isfile() or member.isdir()):
                    raise _refusal(self._path, member.name, "is a link or a device")
                names.append(_checked(self._path, member.name, is_folder=member.isdir()))
        return names

    def read(self, wanted: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Read members; see `ImageSource.read`."""
        with _reading(self._path), tarfile.open(self._path) as archive:
            for member in archive:
                name = _checked(self._path, member.name, is_folder=member.isdir())
                stream = archive.extractfile(member) if name in wanted else None
                if stream is not None:
                    yield name, stream.read()

    def content_hash(self, wanted: Callable[[str], bool], progress: Progress) -> str:  # noqa: ARG002 - it is hashed whole
        """Hash the archive; see `ImageSource.content_hash`."""
        return file_hash(self._path)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise DataError(
            f"cannot read {path}: {error}; fetch or pack it again, or mend its permissions"
        ) from error


def _checked(path: Path, name: str, *, is_folder: bool) -> str:
    """Return a member's name in plain form, or refuse one that leads out of the archive."""
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[:1]:
        raise _refusal(path, name, "leads out of the archive")
    return parts.as_posix() + ("/" if is_folder else "")


def _refusal(path: Path, name: str, why: str) -> DataError:
    return DataError(f"{path}: the member {name!r} {why}; pack the images again without it")
