from pathlib import Path

import numpy as np
import pytest

from detaux.data.array_writer import ArrayWriter


def test_rows_come_back_in_their_places_and_others_are_0(tmp_path: Path) -> None:
    rows = np.arange(24, dtype=np.uint8).reshape(4, 3, 2)
    with ArrayWriter(tmp_path / "array.npy", (5, 3, 2)) as writer:
        writer.put(3, rows[2:])
        writer.put(0, rows[:2])
    expected = np.concatenate([rows[:2], np.zeros((1, 3, 2)), rows[2:]])
    np.testing.assert_array_equal(np.load(tmp_path / "array.npy"), expected)


def test_a_writer_refuses_rows_of_another_kind(tmp_path: Path) -> None:
    with ArrayWriter(tmp_path / "array.npy", (4, 2)) as writer:
        with pytest.raises(ValueError, match=r"found uint8 of \(3,\)"):
            writer.put(0, np.zeros((1, 3), np.uint8))
        with pytest.raises(ValueError, match="found float64"):
            writer.put(0, np.zeros((1, 2)))  # type: ignore[arg-type]  # the wrong type is the point


def test_a_disk_that_is_too_small_is_told_with_the_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"array\.npy'$"):
        ArrayWriter(tmp_path / "array.npy", (1 << 62,))
