"""Rows of an array in a file, read when they are asked for."""

from __future__ import annotations

import mmap
import os
import weakref
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Rows(Protocol):
    """An array of M rows, of which some are taken at a time."""

    @property
    def shape(self) -> tuple[int, ...]:
        """M and the shape of a row."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: NDArray[np.integer[Any]], /) -> NDArray[np.uint8]: ...


class StoredRows:
    """The rows of a `.npy` file that was memory-mapped whole.

    A row that is touched through a mapping counts as memory of the process, with all that the system maps around
    it; one that is read does not stay. It costs about as much time again.

    Args:
        array: Memory-mapped, C-contiguous.
    """

    def __init__(self, array: np.memmap[Any, np.dtype[np.uint8]]) -> None:
        self.shape: tuple[int, ...] = array.shape
        self._dtype = array.dtype
        self._row_bytes = array[:1].nbytes
        self._offset = array.offset
        self._path = str(array.filename)
        self._file = os.open(self._path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Read rows, shape (B,), in [0, M), in any order; those that follow one another in one go."""
        found = np.empty((len(rows), *self.shape[1:]), self._dtype)
        edges = np.flatnonzero(np.diff(rows.astype(np.int64, copy=False), prepend=-2, append=-2) != 1)
        for start, end in pairwise(edges.tolist()):
            self._read(int(rows[start]), found[start:end])
        return found

    def _read(self, row: int, into: NDArray[np.uint8]) -> None:
        place, wanted = self._offset + row * self._row_bytes, into.reshape(-1).data
        while wanted:
            count = os.preadv(self._file, [wanted], place)
            if not count:
                raise OSError(f"{self._path} ends in row {row}; it has changed since it was opened")
            place, wanted = place + count, wanted[count:]


def read_when_asked(array: NDArray[np.uint8]) -> Rows:
    """Return the rows of a whole memory-mapped array as `StoredRows`, any other array as it is."""
    owner: object = array.base
    if isinstance(array, np.memmap) and isinstance(owner, mmap.mmap) and array.flags.c_contiguous:
        return StoredRows(array)
    return array
