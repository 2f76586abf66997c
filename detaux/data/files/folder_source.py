"""Files below a folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from detaux.core.errors import DataError
from detaux.core.hashing import file_hash
from detaux.core.progress import Progress
from detaux.data.files.image_source import DamagedImageError, check_size, is_utf8, reading


class FolderSource:
    """Files below a folder; links are followed, but not those that lead back to a folder they lie in."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """List files and folders; see `ImageSource.names`."""
        with reading(self._path):
            return [member.relative_to(self._path).as_posix() + end for member, end in self._members()]

    def read(self, wanted: Collection[str]) -> Iterator[tuple[str, bytes | DamagedImageError]]:
        """Read files; see `ImageSource.read`."""
        with reading(self._path):
            for name in wanted:
                try:
                    check_file(self._path / name)
                except DamagedImageError as damage:
                    yield name, damage
                else:
                    yield name, (self._path / name).read_bytes()

    def content_hash(self, wanted: Callable[[str], bool], progress: Progress) -> str:
        """Hash every wanted file; see `ImageSource.content_hash`."""
        digest = hashlib.sha256()
        found = self.names()
        names = sorted(filter(wanted, found))
        self._check_names([*names, *(name for name in found if name.endswith("/"))])
        with reading(self._path):
            for done, name in enumerate(names, start=1):
                digest.update(f"{name}\0{_hash_or_damage(self._path / name)}\0".encode())
                progress(done / len(names), f"reading {len(names)} images of {self._path}")
        return digest.hexdigest()

    def _members(self) -> Iterator[tuple[Path, str]]:
        """Yield each path below the folder, and the end of its name: a slash if it is a folder."""
        for home, folders, files in os.walk(self._path, onerror=_stop, followlinks=True):
            yield from ((Path(home, name), "/") for name in folders)
            yield from ((Path(home, name), "") for name in files)
            folders[:] = [name for name in folders if not _leads_back(Path(home, name))]

    def _check_names(self, names: Iterable[str]) -> None:
        for name in names:
            if not is_utf8(name):
                raise DataError(
                    f"{self._path}: the name {name!r} is not UTF-8; rename the file or its folder"
                )


def check_file(path: Path) -> None:
    """Check that a path is a regular file of a size that is read, or a link to one.

    Raises:
        DamagedImageError: If it is not: one waits for ever for the content of a pipe.
    """
    if not path.exists():
        raise DamagedImageError("is a link to nothing, or has gone; mend or remove it")
    if not path.is_file():
        raise DamagedImageError("is no regular file; remove it")
    check_size(path.stat().st_size)


def _hash_or_damage(path: Path) -> str:
    try:
        check_file(path)
    except DamagedImageError as damage:
        return str(damage)
    return file_hash(path)


def _leads_back(folder: Path) -> bool:
    """Tell whether a folder is a link to one that it lies in."""
    if not folder.is_symlink():
        return False
    target = folder.resolve()
    return any(parent.resolve() == target for parent in folder.parents)


def _stop(error: OSError) -> None:
    raise error
