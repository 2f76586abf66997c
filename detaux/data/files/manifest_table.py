"""A table of images, read from a file as text."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detaux.core.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

_SEPARATORS = {".csv": ",", ".tsv": "\t"}
ENDINGS = (*_SEPARATORS, ".parquet")
"""What the name of a table may end in."""

Cells = Mapping[str, Sequence[str]]
"""Text of every row, by column; an empty cell is an empty text."""


def read_cells(path: Path, columns: Sequence[str]) -> tuple[Cells, list[str]]:
    """Read columns of a `.csv`, `.tsv` or `.parquet` file as text, in UTF-8.

    Args:
        path: Of the file.
        columns: Which ones.

    Returns:
        Those of them that it has, and a fault for each other, with near misses.

    Raises:
        DataError: If the file is missing, or no table.
    """
    try:
        table = _read(path)
    except (OSError, ValueError) as error:
        raise DataError(
            f"cannot read the table {path}: {str(error).strip()}; look after the option 'path', or save it again"
        ) from error
    known = [str(name) for name in table.columns]
    if len(set(known)) < len(known):
        raise DataError(f"{path}: two columns have the same name; rename one")
    table.columns = table.columns.map(str)
    cells = {name: _texts(table[name]) for name in columns if name in known}
    return cells, list(_missing(columns, known))


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path).reset_index(drop=True)
    table = pd.read_csv(
        path,
        sep=_SEPARATORS[path.suffix.lower()],
        dtype=str,
        keep_default_na=False,
        encoding="utf-8-sig",
    )
    if not isinstance(table.index, pd.RangeIndex):
        raise pd.errors.ParserError("its rows have more cells than its header")
    return table


def _texts(column: pd.Series[Any]) -> list[str]:
    """Return cells as text without spaces around it; whole numbers kept as floats lose their `.0`."""
    from pandas.api.types import is_float_dtype

    if is_float_dtype(column) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    return [str(text) for text in column.astype("string").fillna("").str.strip()]


def _missing(columns: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    for name in columns:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
            guess = f"did you mean {' or '.join(map(repr, near))}?" if near else f"it has {', '.join(known)}"
            yield f"there is no column {name!r}; {guess}"
