"""Official archives of photographs: members read by name, and lists of them, without unpacking to disk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.files.archive_sources import TarSource
from detaux.data.files.decoding import decode_image
from detaux.data.files.folder_source import FolderSource
from detaux.data.files.image_source import DamagedImageError
from detaux.data.official.file import OfficialFile, refusal


class PhotoArchive(NamedTuple):
    """An official tar file, of any compression, and where it lies."""

    path: Path
    """Of the archive, or of a folder in which it has been unpacked."""
    file: OfficialFile

    def refusal(self, what: str) -> DataError:
        """Return the error for an archive that cannot be used; `what` goes on after its path."""
        return refusal(self.path, self.file, what)

    def read(self, names: Collection[str]) -> dict[str, bytes]:
        """Read members, whose content is held in memory.

        Raises:
            DataError: If a member is missing, there twice or larger than is read, or the archive is damaged, holds a
                link or a name that leads out of it.
        """
        return {name: self._content(name, content) for name, content in self._members(names)}

    def decode(self, names: Collection[str], size: int) -> Iterator[tuple[str, NDArray[np.uint8]]]:
        """Decode members one after the other, in the order of the archive.

        Yields:
            Name and image, shape (size, size, 3): resized by its shorter side, the centre cropped.

        Raises:
            DataError: As `read`, or if a member is no image; the text names it.
        """
        for name, content in self._members(names):
            try:
                image = decode_image(self._content(name, content), size)
            except DamagedImageError as damage:
                raise self._fault(name, damage) from damage
            yield name, image

    def _members(self, names: Collection[str]) -> Iterator[tuple[str, bytes | DamagedImageError]]:
        missing = set(names)
        source = FolderSource(self.path) if self.path.is_dir() else TarSource(self.path)
        for name, content in source.read(names):
            if name not in missing:
                raise self.refusal(f"holds the member {name} twice")
            missing.remove(name)
            yield name, content
        if missing:
            raise self.refusal(f"holds no member {min(missing)}")

    def _content(self, name: str, content: bytes | DamagedImageError) -> bytes:
        if isinstance(content, DamagedImageError):
            raise self._fault(name, content)
        return content

    def _fault(self, name: str, damage: DamagedImageError) -> DataError:
        why, _, _ = str(damage).partition(";")
        return self.refusal(f"holds the member {name}, which {why}")


def read_tables(archive: PhotoArchive, columns: Mapping[str, int]) -> dict[str, list[list[str]]]:
    """Read lists: lines of words, in which those that are empty or begin with `#` count for nothing.

    Args:
        archive: Holds the lists.
        columns: Number of words of a line of each member.

    Returns:
        Lines of each member, each parted into its words.

    Raises:
        DataError: If a member is missing, is no text, or has a line of another number of words.
    """
    contents = archive.read(columns)
    return {name: _table(archive, name, contents[name], number) for name, number in columns.items()}


def whole_numbers(archive: PhotoArchive, member: str, words: Iterable[str]) -> NDArray[np.int64]:
    """Turn a column of a list into numbers, shape (n,).

    Raises:
        DataError: If a word is no whole number.
    """
    try:
        return np.array([int(word) for word in words], dtype=np.int64)
    except (ValueError, OverflowError) as error:
        raise archive.refusal(f"holds the list {member} with a word that is no number ({error})") from error


def _table(archive: PhotoArchive, member: str, content: bytes, columns: int) -> list[list[str]]:
    try:
        lines = content.decode().splitlines()
    except UnicodeDecodeError as error:
        raise archive.refusal(f"holds the list {member}, which is no text") from error
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    for row in rows:
        if len(row) != columns:
            found = (
                f"holds the list {member} with the line {' '.join(row)!r}, where {columns} words are expected"
            )
            raise archive.refusal(found)
    return rows
