"""IDX files, the format of MNIST and its successors: a header of sizes, then bytes."""

from __future__ import annotations

import gzip
import math
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detaux.data.files.image_source import reading
from detaux.data.official.file import OfficialFile, refusal

_UINT8 = 8


def read_idx(path: Path, file: OfficialFile, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Read an array of bytes from a gzip-compressed IDX file.

    Args:
        path: Of the file, whose content has been checked.
        file: Which it is, for errors.
        shape: That the array must have.

    Returns:
        The array, uint8, of that shape, read-only.

    Raises:
        DataError: If the file cannot be decompressed, or holds anything but one such array.
    """
    header = struct.pack(f">HBB{len(shape)}I", 0, _UINT8, len(shape), *shape)
    num_bytes = len(header) + math.prod(shape)
    with reading(path), gzip.open(path) as stream:
        content = stream.read(num_bytes + 1)
    if not content.startswith(header):
        found = content[: len(header)].hex(" ", 4)
        raise refusal(
            path, file, f"starts with {found}, where {header.hex(' ', 4)}, uint8 {shape}, is expected"
        )
    if len(content) != num_bytes:
        found = "more" if len(content) > num_bytes else f"only {len(content):,}"
        raise refusal(path, file, f"holds {found} bytes, where {num_bytes:,} are expected")
    return np.frombuffer(content, np.uint8, offset=len(header)).reshape(shape)
