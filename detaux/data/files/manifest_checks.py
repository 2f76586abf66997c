"""What may be wrong with the rows of a table of images: all of it is told at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath, PureWindowsPath

from detaux.data.files.manifest_labels import label_faults
from detaux.data.files.manifest_table import Cells

PARTS = ("train", "validation", "test")
"""What the column of parts may hold."""
_SHOWN = 5


def plain_name(text: str) -> str:
    """Return the path of an image as its source names it: with slashes, and without `./`."""
    return PureWindowsPath(text).as_posix()


def row_faults(
    cells: Cells, *, images: str, factors: Sequence[str], parts: str | None, known: Collection[str]
) -> list[str]:
    """Say what is wrong with the rows, which are counted from 1 below the header.

    Args:
        cells: Of the columns that there are.
        images: Column of the images' paths.
        factors: Columns of labels.
        parts: Column of parts, if any.
        known: Names of all files there are.
    """
    if not any(map(len, cells.values())):
        return ["it holds no row; give each image one"] if cells else []
    faults = list(_empty_cells(cells))
    if images in cells:
        faults += _path_faults(cells[images], known)
    if parts is not None and parts in cells:
        faults += _part_faults(parts, cells[parts])
    return faults + [fault for name in factors if name in cells for fault in label_faults(name, cells[name])]


def _empty_cells(cells: Cells) -> Iterator[str]:
    for name, column in cells.items():
        rows = [str(row) for row, cell in enumerate(column, start=1) if not cell]
        if rows:
            yield f"the column {name!r} is empty in {_some('row', rows)}; fill it, or remove the row"


def _path_faults(column: Sequence[str], known: Collection[str]) -> Iterator[str]:
    paths = [text for text in column if text]
    outside = {text for text in paths if _leads_out(text)}
    names = [plain_name(text) for text in paths if text not in outside]
    files = {PurePosixPath(name).as_posix() for name in known if not name.endswith("/")}
    if outside:
        yield f"paths must stay below the folder of the images, but not {_some('path', _quoted(outside))}"
    if unknown := set(names) - files:
        yield f"there is no {_some('file', _quoted(unknown))} among the images; look after the option 'images'"
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        yield f"more than one row has {_some('image', _quoted(twice))}; keep one row an image"


def _leads_out(text: str) -> bool:
    """Tell whether a path is absolute or goes up, on any system."""
    path = PureWindowsPath(text)
    return bool(path.anchor) or ".." in path.parts


def _part_faults(column: str, cells: Sequence[str]) -> Iterator[str]:
    unknown = set(cells) - {*PARTS, ""}
    if unknown:
        yield f"the column {column!r} holds {_some('part', _quoted(unknown))}; the parts are {', '.join(PARTS)}"


def _quoted(texts: Collection[str]) -> list[str]:
    return [repr(text) for text in sorted(texts)]


def _some(kind: str, items: Sequence[str]) -> str:
    """Name the first five of a kind, and say how many more there are."""
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return f"{kind}{'s' * (len(items) > 1)} {', '.join(items[:_SHOWN])}{more}"
