"""Where official files are looked for: where the option `path` says, or in the cache folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from detaux.data.files.open_source import user_path
from detaux.data.official.file import OfficialFile


def file_place(file: OfficialFile, path: str | None) -> Path:
    """Return where a file is looked for.

    Args:
        file: Which.
        path: Of the user's own, whatever its name; None for the cache folder.

    Raises:
        DataError: If no file can have that path.
    """
    return file.default_path if path is None else user_path(path)


def folder_places(files: Iterable[OfficialFile], path: str | None, prefix: str) -> dict[OfficialFile, Path]:
    """Return where each of some files is looked for.

    Args:
        files: Which.
        path: Of the user's folder of them, under their published names; None for the cache folder.
        prefix: That their names have in the cache folder alone.

    Raises:
        DataError: If no folder can have that path.
    """
    if path is None:
        return {file: file.default_path for file in files}
    folder = user_path(path)
    return {file: folder / file.name.removeprefix(prefix) for file in files}
