"""The table of CivilComments as WILDS lays it out: comments, the shares of raters behind each label, and parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.files.regular_file import check_regular
from detaux.data.text.embeddings import CHUNK

if TYPE_CHECKING:
    import pandas as pd

_TEXT, _PART = "comment_text", "split"
IDENTITIES = ("male", "female", "LGBTQ", "christian", "muslim", "other_religions", "black", "white")
"""Columns of identities that a comment mentions."""
COLUMN_OF = {"toxic": "toxicity"} | {identity: identity for identity in IDENTITIES}
"""Column behind each factor."""
_IS_YES = 0.5
_PARTS = {"train": "train", "val": "validation", "test": "test"}
_PART_SIZES = {"train": 269_038, "validation": 45_180, "test": 133_782}
NUM_COMMENTS = sum(_PART_SIZES.values())


def read_labels(path: Path) -> tuple[NDArray[np.int64], dict[str, NDArray[np.int64]]]:
    """Return the factors of each comment, shape (N, 9), and the index of each official part.

    Raises:
        DataError: If there is no table, or cells or sizes of parts are wrong; the first wrong cell of each column is told.
    """
    labels, parts, faults = [], [], dict[str, str]()
    for table in _chunks(path, [_PART, *COLUMN_OF.values()]):
        shares, part = _decode(table)
        labels.append((shares >= _IS_YES).to_numpy(np.int64))
        parts.append(part.fillna(-1).to_numpy(np.int64))
        is_wrong = (shares.isna() & (table[shares.columns] != "")) | (shares > 1)
        for column, fault in _cell_faults(table, is_wrong.assign(**{_PART: part.isna()})):
            faults.setdefault(column, fault)
    part_of = np.concatenate(parts)
    official = {name: np.flatnonzero(part_of == code) for code, name in enumerate(_PARTS.values())}
    _check(path, [*faults.values(), *_size_faults(official)])
    return np.concatenate(labels), official


def _decode(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series[float]]:
    """Return the share of raters by column, and the number of the part; NaN for what is none."""
    import pandas as pd

    shares = table[list(COLUMN_OF.values())].apply(pd.to_numeric, errors="coerce")
    return shares, table[_PART].map({name: float(code) for code, name in enumerate(_PARTS)})


def _cell_faults(table: pd.DataFrame, is_wrong: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for column, wrong in is_wrong.items():
        for place in np.flatnonzero(wrong)[:1]:
            cell = table[str(column)].iloc[place]
            yield str(column), f"row {table.index[place] + 1} of comments has the {column} {cell!r:.40}"


def _size_faults(official: Mapping[str, NDArray[np.int64]]) -> Iterator[str]:
    for part, size in _PART_SIZES.items():
        if len(official[part]) != size:
            yield f"the part {part} must have {size:,} comments, but has {len(official[part]):,}"


def _check(path: Path, faults: Sequence[str]) -> None:
    if faults:
        wanted = f"a {_PART} of {', '.join(_PARTS)}, and numbers of at most 1, or nothing, elsewhere"
        told = "\n  ".join([*faults, f"a row needs {wanted}"])
        raise DataError(f"{path} cannot be used, get it anew: {told}")


def read_texts(path: Path) -> Iterator[list[str]]:
    """Yield the comments in their order, in lists of at most `CHUNK`.

    Raises:
        DataError: If there is no table, or none of comments.
    """
    return (table[_TEXT].tolist() for table in _chunks(path, [_TEXT]))


def _chunks(path: Path, columns: list[str]) -> Iterator[pd.DataFrame]:
    """Read columns of a table as text, a piece at a time.

    Raises:
        DataError: If it is missing, no table, or lacks a column.
    """
    import pandas as pd

    try:
        check_regular(path)
        with pd.read_csv(path, usecols=columns, dtype=str, keep_default_na=False, chunksize=CHUNK) as tables:
            yield from tables
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read the table {path}: {str(error).strip()}; get it anew") from error
