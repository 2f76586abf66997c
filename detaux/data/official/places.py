"""Where official files are looked for, by the option `path` or in the cache folder, and whether they lie there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from detaux.core.errors import DataError
from detaux.core.progress import Progress, silent
from detaux.data.files.open_source import user_path
from detaux.data.official.file import OfficialFile, absence, check_official, is_there


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


def check_places(places: Mapping[OfficialFile, Path], progress: Progress = silent) -> None:
    """Check that each file lies in its place and is the published one, and tell all at once that are missing.

    Args:
        places: Of the files.
        progress: Hears of the reading of each.

    Raises:
        DataError: If files are missing, one a line, or one cannot be read or is of another content.
    """
    missing = [str(absence(place, file)) for file, place in places.items() if not is_there(place)]
    if missing:
        raise DataError("\n".join(missing))
    for file, place in places.items():
        check_official(place, file, progress)
