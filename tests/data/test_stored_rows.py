"""Rows read from a file, against the same array in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.data.stored_rows import StoredRows, read_when_asked

ARRAY = np.random.default_rng(0).integers(0, 256, (40, 3, 5, 3), dtype=np.uint8)


def mapped(folder: Path, array: NDArray[np.uint8] = ARRAY) -> NDArray[np.uint8]:
    np.save(folder / "array.npy", array)
    opened: NDArray[np.uint8] = np.load(folder / "array.npy", mmap_mode="r")
    return opened


@pytest.mark.parametrize(
    "rows", [[], [7], [39, 0, 0, 1, 2, 2, 3, 38, 39], list(range(40)), list(range(39, -1, -1))]
)
@pytest.mark.parametrize("dtype", [np.int64, np.uint8])
def test_rows_are_those_of_the_array_in_any_order(tmp_path: Path, rows: list[int], dtype: type) -> None:
    index: NDArray[np.integer[Any]] = np.array(rows, dtype)
    found = read_when_asked(mapped(tmp_path))[index]
    np.testing.assert_array_equal(found, ARRAY[index])
    assert found.dtype == np.uint8
    assert found.flags.writeable


def test_grey_images_have_rows_too(tmp_path: Path) -> None:
    rows = read_when_asked(mapped(tmp_path, ARRAY[..., 0]))
    np.testing.assert_array_equal(rows[np.array([3, 4])], ARRAY[[3, 4], ..., 0])
    assert (rows.shape, len(rows)) == ((40, 3, 5), 40)


def test_only_whole_mapped_arrays_are_read_from_their_file(tmp_path: Path) -> None:
    array = mapped(tmp_path)
    assert isinstance(read_when_asked(array), StoredRows)
    for other in (ARRAY, array[5:], mapped(tmp_path, np.asfortranarray(ARRAY))):
        assert read_when_asked(other) is other


def test_a_file_that_was_cut_is_named(tmp_path: Path) -> None:
    rows = read_when_asked(mapped(tmp_path))
    with (tmp_path / "array.npy").open("r+b") as stream:
        stream.truncate(1000)
    with pytest.raises(OSError, match=r"array\.npy ends in row 39"):
        rows[np.array([39])]
