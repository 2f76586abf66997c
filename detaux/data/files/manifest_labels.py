"""Labels of a table's rows, as class indices."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError

_WHOLE = re.compile(r"[+-]?[0-9]{1,100}")


def encode(values: Sequence[str]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the class index of each value, shape (N,), and the sorted names of the classes.

    Whole numbers are sorted by size, all else as text.
    """
    names = set(values)
    in_order = sorted(names, key=_size_then_text if all(map(_WHOLE.fullmatch, names)) else str)
    index_of = {name: index for index, name in enumerate(in_order)}
    return np.array([index_of[value] for value in values], dtype=np.int64), tuple(in_order)


def label_fault(column: str, values: Sequence[str]) -> str | None:
    """Say why a column without empty cells gives no labels, or return None where it does."""
    names = set(values) - {""}
    if len(names) == 1:
        return f"the column {column!r} holds the single value {min(names)!r}; a label takes at least two"
    if names and all(map(_is_number, names)) and not all(map(_WHOLE.fullmatch, names)):
        return f"the column {column!r} holds numbers that are not whole; round them, or sort them into bins"
    return None


def check_filled(place: str, labels: NDArray[np.int64], value_names: Mapping[str, tuple[str, ...]]) -> None:
    """Check that each value of each factor has an image among those left, whose labels have shape (N, F).

    Raises:
        DataError: If one has none.
    """
    for column, (factor, names) in zip(labels.T, value_names.items(), strict=True):
        for index, count in enumerate(np.bincount(column, minlength=len(names))):
            if not count:
                raise DataError(
                    f"{place}: no image of {factor} {names[index]!r} is left, all are damaged; mend one"
                )


def _size_then_text(number: str) -> tuple[int, str]:
    return int(number), number


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
