"""Labelled images: a data set whose one factor is the class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.data.dataset import Dataset


class LabelledImages(Dataset):
    """Images in an array, each with its class.

    Args:
        name: As records show it.
        pixels: Shape (M, H, W, 3), uint8, in memory or memory-mapped.
        rows: Which of the M rows make the data set, and in which order, shape (N,).
        labels: Class of each image, shape (N,), in [0, C).
        class_names: Of all C classes.
        licence: Under which the images may be used.
        source: Where the images come from.
        fingerprint: Of images and order.
        official_parts: Index of the `train` and of the `test` images, or nothing.
    """

    rendered = False
    factor_names = ("class",)

    def __init__(
        self,
        *,
        name: str,
        pixels: NDArray[np.uint8],
        rows: NDArray[np.int64],
        labels: NDArray[np.int64],
        class_names: tuple[str, ...],
        licence: str,
        source: str,
        fingerprint: str,
        official_parts: Mapping[str, NDArray[np.int64]],
    ) -> None:
        self.name = name
        self.factor_sizes = (len(class_names),)
        self.value_names = {"class": class_names}
        self.image_shape = (pixels.shape[1], pixels.shape[2], 3)
        self.licence = licence
        self.source = source
        self.fingerprint = fingerprint
        self.official_parts = official_parts
        self._pixels = pixels
        self._rows = rows
        self._labels = labels

    def __len__(self) -> int:
        return len(self._rows)

    def images(self, index: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Read images; see `Dataset.images`."""
        self.check_index(index)
        return np.asarray(self._pixels[self._rows[index]])

    def factors(self, index: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Look up classes, shape (B, 1); see `Dataset.factors`."""
        self.check_index(index)
        return self._labels[index, None]
