"""The file of a contact sheet: whether it can be written is found out before anything is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from detaux.core.folders import check_writable, unusable, used_as

if TYPE_CHECKING:
    from detaux.data.dataset import Dataset

_OPTION = "--out"
_KEY, _WRITER = "Software", "detaux data show"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MARK = f"tEXt{_KEY}\0{_WRITER}".encode()
_HEAD_BYTES = 256
_COLUMNS = 16


def sheet_place(out: Path, source: object) -> Path:
    """Return the whole path of a sheet that can be written, with `~` and links resolved.

    Args:
        out: As the user gave it.
        source: The data set's option `path`, if any.

    Raises:
        LocationError: If it does not end in `.png`, lies in the folder of the data set, cannot be written, or names
            what is there already and no earlier sheet.
    """
    try:
        place = out.expanduser().resolve()
        fault = _fault(place, source)
    except (OSError, RuntimeError, ValueError) as error:
        raise unusable(_OPTION, out, error) from error
    if fault:
        raise unusable(_OPTION, out, fault)
    check_writable(place.parent, _OPTION)
    return place


def write_sheet(place: Path, dataset: Dataset, count: int) -> str:
    """Write a sheet of that many images drawn at random, or of all, so that it is known as one.

    Folders that are missing are made.

    Returns:
        What its rows and columns are, in words.

    Raises:
        DataError: If the images are embeddings.
        LocationError: If the system refuses.
    """
    import numpy as np
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    from detaux.data.sheet import contact_sheet

    index = np.sort(np.random.default_rng(0).choice(len(dataset), min(count, len(dataset)), replace=False))
    sheet = contact_sheet(dataset.images(index), columns=_COLUMNS)
    info = PngInfo()
    info.add_text(_KEY, _WRITER)
    with used_as(_OPTION, place):
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(sheet).save(place, "PNG", pnginfo=info)
    return (
        f"sheet: {len(index):,} images drawn at random, {_COLUMNS} a row, in the set's own order from left to right "
        "and row by row; rows and columns have no other meaning"
    )


def _fault(place: Path, source: object) -> str | None:
    if place.suffix.lower() != ".png":
        return "it does not end in .png"
    if isinstance(source, str) and source and place.is_relative_to(Path(source).expanduser().resolve()):
        return "it lies in the data set's own folder"
    if place.exists() and not _is_sheet(place):
        return "it is there already, and is no sheet that detaux data show wrote"
    return None


def _is_sheet(place: Path) -> bool:
    if not place.is_file():
        return False
    with place.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    return head.startswith(_SIGNATURE) and _MARK in head
