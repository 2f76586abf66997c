"""Arrays written to disk piece by piece, without a memory map."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray


class ArrayWriter:
    """Writes rows of a `.npy` file of known shape in any order, through a plain stream.

    Memory grows by the rows at hand only, where a writable memory map would count every page it touches.

    Raises:
        OSError: If the file cannot be written; its `filename` is the file, so that it is not taken for one of reading.
    """

    def __init__(self, path: Path, shape: tuple[int, ...]) -> None:
        self._path = path
        self._stream = path.open("wb")
        self._row_shape = shape[1:]
        with self._named(), ExitStack() as on_failure:
            on_failure.callback(self._stream.close)
            header = {"descr": "|u1", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(self._stream, header)
            self._offset = self._stream.tell()
            self._stream.truncate(self._offset + math.prod(shape))
            on_failure.pop_all()

    def put(self, start: int, rows: NDArray[np.uint8]) -> None:
        """Write consecutive rows, shape (n, ...), uint8; rows never written stay 0."""
        if rows.shape[1:] != self._row_shape or rows.dtype != np.uint8:
            raise ValueError(
                f"rows must be uint8 of shape {self._row_shape}, found {rows.dtype} of {rows.shape[1:]}"
            )
        with self._named():
            self._stream.seek(self._offset + start * math.prod(self._row_shape))
            self._stream.write(np.ascontiguousarray(rows).data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._named():
            self._stream.close()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Name the file in errors of an open stream, which name none."""
        try:
            yield
        except OSError as error:
            error.filename = str(self._path)
            raise
