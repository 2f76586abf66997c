"""What can be said of a data set's official files without reading them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detaux.data.dataset import DatasetPart
    from detaux.data.official.file import OfficialFile


def at_hand(part: type[DatasetPart], files: Sequence[OfficialFile] | None) -> str:
    """Say whether the images of a data set are here: as official files, converted from files gone since, or rendered.

    Args:
        part: The data set.
        files: Those that its default options need; None where some option has no default.
    """
    here = [file for file in files or () if file.default_path.is_file()]
    if any(file.size not in {None, file.default_path.stat().st_size} for file in here):
        return "wrong size"
    if files and len(here) == len(files):
        return "yes"
    if files is None:
        return "your own"
    return _without_files(part) if files else "always"


def _without_files(part: type[DatasetPart]) -> str:
    """Open a data set to see what it holds when its official files are not here."""
    from detaux.core.errors import DataError
    from detaux.core.progress import silent
    from detaux.data.cache import only_prepared

    try:
        with only_prepared():
            return "rendered" if part().load(silent).rendered else "converted"
    except (DataError, OSError):
        return "no"


def size_words(files: Sequence[OfficialFile] | None) -> str:
    """Say how large files are together, as far as that was published."""
    from rich.filesize import decimal

    sizes = [file.size for file in files or ()]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        return "size unknown"
    return decimal(sum(known)) if known else "none"
