"""What files of images are read from: a folder, or an archive of one."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from detaux.core.errors import DataError
from detaux.core.progress import Progress

LARGEST_IMAGE_BYTES = 1 << 28
"""No larger file is read as an image: 256 MiB hold any photograph, and an archive may declare what it likes."""
_UNREADABLE = (
    tarfile.TarError,
    zipfile.BadZipFile,
    lzma.LZMAError,
    zlib.error,
    EOFError,
    OSError,
    ValueError,  # this and the next two come of damaged numbers in an archive, which tarfile and zipfile believe
    OverflowError,
    NotImplementedError,
)


class DamagedImageError(Exception):
    """A file has no image to give; the text goes on after its name: what is wrong, and the remedy."""


class ImageSource(Protocol):
    """Where a data set's files are read from. Names are relative, with slashes; those of folders end in one."""

    def names(self) -> list[str]:
        """List files and folders, in no particular order.

        Raises:
            DataError: If an archive is damaged, cut or encrypted, or holds a link, a name that leads out of it, or a
                file twice.
        """
        ...

    def read(self, wanted: Collection[str]) -> Iterator[tuple[str, bytes | DamagedImageError]]:
        """Read the wanted files, in the order of the source.

        Yields:
            Name and content of each; in the place of content, the error that says why it has none.

        Raises:
            DataError: If an archive is damaged.
        """
        ...

    def content_hash(self, wanted: Callable[[str], bool], progress: Progress) -> str:
        """Return 64 hexadecimal digits that change with the names and contents of the wanted files.

        Raises:
            DataError: If a file cannot be read, or its name is not UTF-8.
        """
        ...


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what goes wrong while reading `path` into a DataError that names it, in one line."""
    try:
        yield
    except _UNREADABLE as error:
        raise DataError(
            f"cannot read {path}: {error}; fetch or pack it again, or mend its permissions"
        ) from error


def check_names(place: str, names: Iterable[str]) -> None:
    """Check that names can be written as text.

    Raises:
        DataError: If one is not UTF-8.
    """
    for name in names:
        if not is_utf8(name):
            raise DataError(f"{place}: the name {name!r} is not UTF-8; rename the file or its folder")


def check_size(num_bytes: int) -> None:
    """Check that a file is not too large for an image.

    Raises:
        DamagedImageError: If it is.
    """
    if num_bytes > LARGEST_IMAGE_BYTES:
        raise DamagedImageError(
            f"has {num_bytes:,} bytes, and at most {LARGEST_IMAGE_BYTES:,} are read; make it smaller"
        )


def is_utf8(name: str) -> bool:
    """Tell whether a name, as the system gives it, can be written as text."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
