"""Grey images of small NORB at any smaller size: 64 pixels, which most models want, do not divide its 96."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.data.stored_rows import read_when_asked

PIXELS = 96
"""Rows and columns of an official image."""


class AreaPixels:
    """Reads stored grey images, each wanted pixel the mean of the area it covers.

    Where the size divides the stored one, these are the values of `StoredPixels`.

    Args:
        images: Shape (N, S, S), uint8, memory-mapped.
        image_size: Rows and columns wanted, at most S.
    """

    def __init__(self, images: NDArray[np.uint8], image_size: int) -> None:
        self._images = read_when_asked(images)
        self._shares = shares(images.shape[1], image_size)

    def __call__(self, index: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Read images; see `Pixels`."""
        images = np.asarray(self._images[index])
        if len(self._shares) < images.shape[1]:
            means = self._shares @ images.astype(np.float32) @ self._shares.T
            images = np.rint(means).astype(np.uint8)
        return np.repeat(images[..., None], 3, axis=-1)


def shares(stored: int, wanted: int) -> NDArray[np.float32]:
    """Compute how much of each stored pixel is in each wanted one, shape (wanted, stored); rows sum to 1."""
    edges = np.arange(wanted + 1) * stored / wanted
    covered = np.clip(edges[:, None] - np.arange(stored), 0, 1)
    return np.asarray(np.diff(covered, axis=0) * wanted / stored, dtype=np.float32)
