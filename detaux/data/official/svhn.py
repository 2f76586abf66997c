"""The files of SVHN's cropped digits: Matlab arrays of images and labels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.data.official.file import OfficialFile, reading_as, refusal
from detaux.data.official.labelled import check_labels
from detaux.data.official.matlab import MatlabError, read_variables

SVHN_PIXELS = 32
"""Rows and columns of an image."""
_TEN_MEANS_ZERO = 10


def read_svhn(
    path: Path, file: OfficialFile, num_images: int
) -> tuple[NDArray[np.uint8], NDArray[np.integer[Any]]]:
    """Read a file's arrays `X`, shape (32, 32, 3, N), and `y`, shape (N, 1), in which 10 stands for the digit 0.

    Args:
        path: Of the file, whose content has been checked.
        file: Which it is, for errors.
        num_images: N, that it must hold.

    Returns:
        Images, shape (N, 32, 32, 3), uint8, and their digits, shape (N,), in [0, 9].

    Raises:
        DataError: If it cannot be read as a Matlab file, lacks an array or has one of another shape or type, or a
            label is not in 1 to 10.
    """
    with reading_as(path, file, "a Matlab file", (MatlabError,)):
        arrays = read_variables(path.read_bytes(), ("X", "y"))
    images = _array(path, file, arrays, "X", (SVHN_PIXELS, SVHN_PIXELS, 3, num_images))
    labels = _array(path, file, arrays, "y", (num_images, 1))[:, 0]
    check_labels(path, file, labels, range(1, _TEN_MEANS_ZERO + 1))
    return images.transpose(3, 0, 1, 2), labels % _TEN_MEANS_ZERO


def _array(
    path: Path, file: OfficialFile, arrays: Mapping[str, Any], key: str, shape: tuple[int, ...]
) -> NDArray[np.uint8]:
    if key not in arrays:
        raise refusal(path, file, f"holds no array {key}")
    array = np.asarray(arrays[key])
    if array.shape != shape or array.dtype != np.uint8:
        found = f"holds {key} of {array.dtype} {array.shape}, where uint8 {shape} is expected"
        raise refusal(path, file, found)
    return array
