"""Folders that are official parts of a data set, told by their names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from detaux.core.errors import DataError

_PARTS = {"train": ("train",), "validation": ("validation", "valid", "val"), "test": ("test",)}
"""Names of its folder, by part, in the order of the data set."""
_LIKE = re.compile(r"(train|test|val)(ing|id|idation)?([ _-]?set)?", re.IGNORECASE)


def is_like_part(folder: str) -> bool:
    """Tell whether a folder has the name of a part in any spelling."""
    return _LIKE.fullmatch(folder) is not None


def find_parts(folders: Iterable[str], flat: Collection[str], place: str) -> dict[str, str]:
    """Return the folder of each part, in the order of parts; none if the folders are classes.

    A single folder with the name of a part is a class of that name, say of railway trains, if it is flat.

    Args:
        folders: Names of all folders of images at the top.
        flat: Those of them that hold no folder of images.
        place: Where they are, for error texts.

    Raises:
        DataError: If a part is spelled otherwise or there twice, lies beside a class, or there is none for training.
    """
    folders = sorted(folders)
    alike = [folder for folder in folders if is_like_part(folder)]
    if not alike or (len(alike) == 1 and alike[0] in flat):
        return {}
    for folder in folders:
        _check_name(folder, place)
    found = {part: [folder for folder in folders if folder in names] for part, names in _PARTS.items()}
    for part, same in found.items():
        if len(same) > 1:
            raise DataError(f"{place}: {same[0]!r} and {same[1]!r} are both the part {part}; keep one")
    if not found["train"]:
        raise DataError(
            f"{place}: there is {alike[0]!r} without 'train'; give it a part 'train', or the classes alone"
        )
    return {part: same[0] for part, same in found.items() if same}


def _check_name(folder: str, place: str) -> None:
    """Check that a folder is a part, where at least one is like one."""
    if any(folder in names for names in _PARTS.values()):
        return
    if is_like_part(folder):
        part = next(part for part, names in _PARTS.items() if folder.lower().startswith(names[-1]))
        raise DataError(
            f"{place}: {folder!r} looks like a part; call it {part!r}, or otherwise if it is a class"
        )
    raise DataError(
        f"{place}: {folder!r} lies beside a part; leave it out, or call it 'train', 'validation' or 'test'"
    )
