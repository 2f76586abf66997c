"""A table of images, read from a file as text."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detaux.core.errors import DataError
from detaux.data.files.regular_file import check_regular

if TYPE_CHECKING:
    import pandas as pd

_SEPARATORS = {".csv": ",", ".tsv": "\t"}
ENDINGS = (*_SEPARATORS, ".parquet")
"""What the name of a table may end in."""

Cells = Mapping[str, Sequence[str]]
"""Text of every row without spaces around it, by column; an empty cell is an empty text."""


def read_cells(path: Path, columns: Sequence[str]) -> tuple[Cells, list[str]]:
    """Read columns of a `.csv`, `.tsv` or `.parquet` file as text, in UTF-8; a column without a name is passed over.

    Args:
        path: Of the file.
        columns: Which ones.

    Returns:
        Those of them that it has, and a fault for each other, with near misses, and for each name of two columns.

    Raises:
        DataError: If the file is missing, or no table.
    """
    try:
        table = _read(path)
    except (OSError, ValueError) as error:
        raise DataError(
            f"cannot read the table {path}: {str(error).strip()}; look after the option 'path', or save it again"
        ) from error
    table.columns = table.columns.map(lambda name: str(name).strip())
    count = Counter(filter(None, table.columns))
    twice = [f"{count[name]} columns are called {name!r}; rename one" for name in count if count[name] > 1]
    cells = {name: _texts(table[name]) for name in columns if count[name] == 1}
    return cells, [*twice, *_missing(columns, list(count))]


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    check_regular(path)
    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path).reset_index(drop=True)
    table = pd.read_csv(
        path,
        sep=_SEPARATORS[path.suffix.lower()],
        header=None,
        dtype=str,
        keep_default_na=False,
        encoding="utf-8-sig",
    )
    return table[1:].set_axis(table.iloc[0].to_list(), axis="columns")


def _texts(column: pd.Series[Any]) -> list[str]:
    return [str(text) for text in column.astype("string").fillna("").str.strip()]


def _missing(columns: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    for name in columns:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
            guess = f"did you mean {' or '.join(map(repr, near))}?" if near else f"it has {', '.join(known)}"
            yield f"there is no column {name!r}; {guess}"
