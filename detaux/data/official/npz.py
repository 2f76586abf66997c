"""Arrays of npz files, read a few rows at a time, and to the end: only there does the zip's checksum tell of damage."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from detaux.data.official.file import OfficialFile, reading_as, refusal

_FAULTS = (Exception,)
"""The unpackers raise errors of their own, and numpy's reader of headers those of Python's own parser."""
_READ_HEADER = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def npz_pieces(
    path: Path, file: OfficialFile, key: str, shape: tuple[int, ...], *, rows: int
) -> Iterator[NDArray[np.uint8]]:
    """Read one array of bytes of an npz: it is unpacked as it is read, and no other array is looked at.

    Args:
        path: Of the npz.
        file: What it should be, for the error's remedy.
        key: Name of the array.
        shape: What its shape must be, in C order.
        rows: In each piece; the last may hold fewer.

    Yields:
        Arrays of shape (at most `rows`, ...), uint8, read-only.

    Raises:
        DataError: If the array is missing, damaged, of another type or shape, or something follows it. Damage may
            show after the last piece alone.
    """
    reading = reading_as(path, file, "an npz file", _FAULTS)
    with reading, zipfile.ZipFile(path) as archive, archive.open(f"{key}.npy") as stream:
        found = _layout(stream)
        expected = _in_words(shape, np.dtype(np.uint8), is_fortran=False)
        if found != expected:
            raise refusal(path, file, f"holds {key} of {found}, where {expected} is expected")
        for start in range(0, shape[0], rows):
            yield _bytes(stream, (min(rows, shape[0] - start), *shape[1:]))
        if stream.read(1):
            raise refusal(path, file, f"holds more behind the array {key}, where nothing is expected")


def _layout(stream: IO[bytes]) -> str:
    """Read the header, which leaves the stream at the first number."""
    version = np.lib.format.read_magic(stream)
    if version not in _READ_HEADER:
        raise ValueError(f"version {version} of the npy format")
    shape, is_fortran, dtype = _READ_HEADER[version](stream)
    return _in_words(shape, dtype, is_fortran=is_fortran)


def _in_words(shape: tuple[int, ...], dtype: np.dtype[np.generic], *, is_fortran: bool) -> str:
    return f"{dtype} {shape}{' by columns' if is_fortran else ''}"


def _bytes(stream: IO[bytes], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    content = stream.read(math.prod(shape))
    if len(content) < math.prod(shape):
        raise EOFError("the array ends early")
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)
