from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data.text import embeddings_file
from detaux.data.text.embeddings_file import EmbeddingsFile

TRAIN = np.array([0, 2])
MADE = np.random.default_rng(0).normal(size=(5, 4))


def save(folder: Path, array: Any) -> Path:
    path = folder / "made.npy"
    np.save(path, array, allow_pickle=True)
    return path


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_rows_are_read_in_order_as_float32(
    dtype: type[np.floating[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embeddings_file, "CHUNK", 2)
    made = MADE.astype(dtype)
    file = EmbeddingsFile(save(tmp_path, made), 5, TRAIN)
    chunks = list(file.chunks())
    assert (file.shape, [len(chunk) for chunk in chunks]) == ((5, 4), [2, 2, 1])
    assert {chunk.dtype for chunk in chunks} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(np.concatenate(chunks), made.astype(np.float32))
    np.testing.assert_array_equal(file.training_sample(), made[TRAIN].astype(np.float32))


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e300])
def test_a_number_that_is_not_finite_is_named_by_its_row(bad: float, tmp_path: Path) -> None:
    array = MADE.copy()
    array[2, 1] = bad
    file = EmbeddingsFile(save(tmp_path, array), 5, TRAIN)
    for read in (file.training_sample, lambda: list(file.chunks())):
        with pytest.raises(DataError, match=r"made\.npy: row 3 holds a number that is not finite"):
            read()


@pytest.mark.parametrize("array", [MADE[:4], MADE[0], MADE[:, :0], MADE.astype(int), MADE > 0, MADE + 0j])
def test_another_shape_or_type_is_refused(array: np.ndarray, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"floats of shape \(5, E\), one row a comment .* found"):
        EmbeddingsFile(save(tmp_path, array), 5, TRAIN)


@pytest.mark.parametrize("content", [b"", b"text", b"\x93NUMPY"])
def test_a_file_that_is_no_array_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "made.npy").write_bytes(content)
    with pytest.raises(DataError, match=r"cannot read .* look after the option 'embeddings'"):
        EmbeddingsFile(tmp_path / "made.npy", 5, TRAIN)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot read .*made\.npy"):
        EmbeddingsFile(save(tmp_path, np.array([{}] * 5)), 5, TRAIN)


def test_a_missing_file_and_an_archive_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot read .* as a \.npy file"):
        EmbeddingsFile(tmp_path / "none.npy", 5, TRAIN)
    np.savez(tmp_path / "made.npz", MADE)
    with pytest.raises(DataError, match="is an archive of arrays"):
        EmbeddingsFile(tmp_path / "made.npz", 5, TRAIN)
