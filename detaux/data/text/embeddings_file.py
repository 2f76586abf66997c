"""Embeddings that the user made with an encoder of their own, in a `.npy` file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.text.embeddings import CHUNK, Floats, draw_sample

_NUMBERS_AT_ONCE = 1 << 22  # 32 MiB of doubles


class EmbeddingsFile:
    """A `.npy` file of floats, one row a text, read piece by piece.

    Args:
        path: Of the file.
        num_rows: How many rows it must have.
        train: Index of the training rows, shape (n,).

    Raises:
        DataError: If it is missing, no `.npy` file, holds objects, or is no float array (num_rows, E) with E above 0.
    """

    def __init__(self, path: Path, num_rows: int, train: NDArray[np.int64]) -> None:
        self._path, self._train = path, train
        array = self._open()
        if array.dtype.kind != "f" or array.ndim != 2 or len(array) != num_rows or not array.shape[1]:  # noqa: PLR2004 - (N, E)
            raise DataError(
                f"{path} must hold floats of shape ({num_rows}, E), one row a comment in the order of the table, "
                f"found {array.dtype} of {array.shape}; make it anew"
            )
        self.shape: tuple[int, int] = (num_rows, array.shape[1])

    def training_sample(self) -> Floats:
        """Read many training rows; see `Embeddings.training_sample`.

        Raises:
            DataError: If a number is not finite.
        """
        rows = draw_sample(self._train, self.shape[1])
        sample = np.empty((len(rows), self.shape[1]), np.float32)
        for part in self._parts(len(rows)):
            sample[part] = self._read(rows[part])
        return sample

    def chunks(self) -> Iterator[Floats]:
        """Read all rows; see `Embeddings.chunks`.

        Raises:
            DataError: If a number is not finite.
        """
        for part in self._parts(self.shape[0]):
            yield self._read(np.arange(part.start, part.stop))

    def _parts(self, count: int) -> Iterator[slice]:
        """Divide rows so that few of them are read at once, and fewer where they are wide."""
        step = min(CHUNK, max(1, _NUMBERS_AT_ONCE // self.shape[1]))
        return (slice(start, min(start + step, count)) for start in range(0, count, step))

    def _read(self, rows: NDArray[np.int64]) -> Floats:
        """Read some rows through a memory map of their own, since pages stay in memory as long as it is open."""
        with np.errstate(over="ignore"):
            floats = self._open()[rows].astype(np.float32, copy=False)
        is_bad = ~np.isfinite(floats).all(axis=1)
        if is_bad.any():
            raise DataError(
                f"{self._path}: row {rows[is_bad][0] + 1} holds a number that is not finite; make it anew"
            )
        return floats

    def _open(self) -> NDArray[Any]:
        try:
            array = np.load(self._path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise DataError(
                f"cannot read {self._path} as a .npy file: {error}; look after the option 'embeddings'"
            ) from error
        if not isinstance(array, np.ndarray):
            raise DataError(
                f"{self._path} is an archive of arrays; save the one of the embeddings with np.save"
            )
        return array
