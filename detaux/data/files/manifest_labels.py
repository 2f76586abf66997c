"""Labels of a table's rows, as class indices."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError

_WHOLE = re.compile(r"[+-]?[0-9]{1,100}")
_WHOLE_WITH_POINT = re.compile(rf"({_WHOLE.pattern})(\.0*)?")
_FEW_IMAGES = 2


def plain_numbers(values: Sequence[str]) -> list[str]:
    """Return labels as they are or, if all of them are whole numbers, without a point: `1` for `1.0`."""
    if not all(_WHOLE_WITH_POINT.fullmatch(value) for value in values if value):
        return list(values)
    return [value.partition(".")[0] for value in values]


def encode(values: Sequence[str]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the class index of each value, shape (N,), and the sorted names of the classes.

    Whole numbers are sorted by size, all else as text.
    """
    names = set(values)
    in_order = sorted(names, key=_size_then_text if all(map(_WHOLE.fullmatch, names)) else str)
    index_of = {name: index for index, name in enumerate(in_order)}
    return np.array([index_of[value] for value in values], dtype=np.int64), tuple(in_order)


def label_faults(column: str, values: Sequence[str]) -> Iterator[str]:
    """Say why a column gives no labels; empty cells are told elsewhere."""
    filled = [value for value in values if value]
    names = sorted(set(filled))
    for fault in (*_name_faults(names), *_number_faults(names), *_count_faults(names, len(filled))):
        yield f"the column {column!r} holds {fault}"


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


def _name_faults(names: Sequence[str]) -> Iterator[str]:
    if hidden := [name for name in names if not name.isprintable()]:
        yield f"characters that do not show, as in {hidden[0]!r}; remove them"


def _number_faults(names: Sequence[str]) -> Iterator[str]:
    numbers = {name: number for name in names if (number := _number(name)) is not None}
    if endless := [name for name, number in numbers.items() if not math.isfinite(number)]:
        yield f"{endless[0]!r}, which is no number that counts; fill in a label, or remove the row"
    elif len(numbers) == len(names) and not all(map(_WHOLE.fullmatch, names)):
        yield "numbers that are not whole, or not written out; round them, or sort them into bins"
    spellings: dict[int, list[str]] = defaultdict(list)
    for name in filter(_WHOLE.fullmatch, names):
        spellings[int(name)].append(repr(name))
    for number, spelt in spellings.items():
        if len(spelt) > 1:
            yield f"the number {number} as {' and as '.join(spelt)}; write it in one way"
            return


def _count_faults(names: Sequence[str], num_images: int) -> Iterator[str]:
    if len(names) == 1:
        yield f"the single value {names[0]!r}; a label takes at least two"
    if len(names) == num_images > _FEW_IMAGES:
        yield "a value of its own for each image; a label is one that images share"


def _size_then_text(number: str) -> tuple[int, str]:
    return int(number), number


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
