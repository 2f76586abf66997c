"""The binary matrices of NORB: their own format, gzipped, named `.mat` although Matlab cannot read them."""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.data.official.file import OfficialFile, reading_as, refusal

UINT8, INT32 = 0x1E3D4C55, 0x1E3D4C54
"""The first number of a matrix tells its type; others are never used in small NORB."""
_DTYPES: dict[int, np.dtype[Any]] = {UINT8: np.dtype("u1"), INT32: np.dtype("<i4")}
_FEWEST_SIZES = 3  # are written, however few axes there are
_MOST_AXES = 8
_FAULTS = (zlib.error, ValueError, EOFError, OSError)


def matrix_pieces(
    path: Path, file: OfficialFile, magic: int, shape: tuple[int, ...], *, rows: int
) -> Iterator[NDArray[Any]]:
    """Read a matrix a few rows at a time: it is unpacked as it is read.

    Args:
        path: Of the gzipped file.
        file: What it should be, for the error's remedy.
        magic: What its first number must be, `UINT8` or `INT32`.
        shape: What its shape must be.
        rows: In each piece; the last may hold fewer.

    Yields:
        Arrays of shape (at most `rows`, ...).

    Raises:
        DataError: If the type or the shape are others, or the file is damaged.

    Source: "The file format" on cs.nyu.edu/~ylclab/data/norb-v1.0-small.
    """
    with reading_as(path, file, "a matrix of NORB", _FAULTS), gzip.open(path) as stream:
        found = _header(stream)
        if found != (magic, shape):
            raise refusal(
                path,
                file,
                f"holds a matrix of type {found[0]:#x} and shape {found[1]}, where {magic:#x} and {shape} are expected",
            )
        for start in range(0, shape[0], rows):
            yield _numbers(stream, _DTYPES[magic], (min(rows, shape[0] - start), *shape[1:]))


def matrix(path: Path, file: OfficialFile, magic: int, shape: tuple[int, ...]) -> NDArray[Any]:
    """Read a whole matrix; see `matrix_pieces`."""
    return np.concatenate(list(matrix_pieces(path, file, magic, shape, rows=shape[0])))


def _header(stream: BufferedIOBase) -> tuple[int, tuple[int, ...]]:
    """Read type and shape: magic, number of axes, and at least three sizes."""
    magic, axes = (int(number) for number in _numbers(stream, np.dtype("<i4"), (2,)))
    if not 0 < axes <= _MOST_AXES:
        raise ValueError(f"{axes} axes")
    sizes = _numbers(stream, np.dtype("<i4"), (max(_FEWEST_SIZES, axes),))
    return magic, tuple(int(size) for size in sizes[:axes])


def _numbers(stream: BufferedIOBase, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    wanted = math.prod(shape) * dtype.itemsize
    content = stream.read(wanted)
    if len(content) < wanted:
        raise EOFError("it ends early")
    return np.frombuffer(content, dtype=dtype).reshape(shape)
