"""Opening what the option `path` names."""

from __future__ import annotations

import zipfile
from pathlib import Path

from detaux.core.errors import DataError
from detaux.data.files.archive_sources import TarSource, ZipSource
from detaux.data.files.folder_source import FolderSource
from detaux.data.files.image_source import ImageSource, reading


def user_path(text: str) -> Path:
    """Return the whole path that a user's option `path` means, with `~` and links resolved.

    Raises:
        DataError: If no file can have it: it is empty, not UTF-8, holds a NUL, or names a user whom there is not.
    """
    if not text:
        raise DataError("the option 'path' is empty; give the path of a folder or a file")
    try:
        place = Path(text).expanduser().resolve()
        str(place).encode()
    except (RuntimeError, ValueError, OSError) as error:
        raise DataError(f"the option 'path' is {text!r}, which names no file: {error}; mend it") from error
    return place


def open_source(path: Path) -> ImageSource:
    """Open a folder, a zip file, or a tar file of any compression.

    Raises:
        DataError: If there is none at `path`.
    """
    with reading(path):
        if path.is_dir():
            return FolderSource(path)
        if not path.is_file():
            raise DataError(f"there is no folder and no archive at {path}; look after the option 'path'")
        return ZipSource(path) if zipfile.is_zipfile(path) else TarSource(path)
