"""Files below a folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from detaux.core.hashing import file_hash
from detaux.core.progress import Progress
from detaux.data.files.image_source import DamagedImageError, check_names, check_size, reading


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
        for name in wanted:
            yield name, _content(self._path / name)

    def content_hash(self, wanted: Callable[[str], bool], progress: Progress) -> str:
        """Hash every wanted file; see `ImageSource.content_hash`."""
        digest = hashlib.sha256()
        found = self.names()
        names = sorted(filter(wanted, found))
        check_names(str(self._path), [*names, *(name for name in found if name.endswith("/"))])
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


def _content(path: Path) -> bytes | DamagedImageError:
    try:
        with _damage_told(path):
            return path.read_bytes()
    except DamagedImageError as damage:
        return damage


def _hash_or_damage(path: Path) -> str:
    try:
        with _damage_told(path):
            return file_hash(path)
    except DamagedImageError as damage:
        return str(damage)


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    """Check a file, and turn what goes wrong while it is read into damage of it alone."""
    try:
        check_file(path)
        yield
    except OSError as error:
        raise DamagedImageError(f"cannot be read: {error.strerror}; mend its permissions") from error


def _leads_back(folder: Path) -> bool:
    """Tell whether a folder is a link to one that it lies in."""
    if not folder.is_symlink():
        return False
    target = folder.resolve()
    return any(parent.resolve() == target for parent in folder.parents)


def _stop(error: OSError) -> None:
    raise error
