"""Labelled images: a data set whose factors are classes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.data.dataset import Dataset
from detaux.data.stored_rows import read_when_asked


class LabelledImages(Dataset):
    """Images in an array, each with its class, or with one class of each of several kinds.

    Args:
        name: As records show it.
        pixels: Shape (M, H, W, 3), uint8, in memory or memory-mapped.
        rows: Which of the M rows make the data set, and in which order, shape (N,).
        labels: Class of each image, in [0, C); shape (N,), or (N, F) for F kinds of classes.
        class_names: Of all C classes, whose factor is then called `class`, or those of each factor by its name.
        licence: Under which the images may be used.
        source: Where the images come from.
        fingerprint: Of images and order.
        official_parts: Index of the `train`, perhaps the `validation`, and the `test` images, or nothing.
        group_factors: Values, by factor, that make groups; see `Dataset`.
    """

    rendered = False

    def __init__(
        self,
        *,
        name: str,
        pixels: NDArray[np.uint8],
        rows: NDArray[np.int64],
        labels: NDArray[np.int64],
        class_names: tuple[str, ...] | Mapping[str, tuple[str, ...]],
        licence: str,
        source: str,
        fingerprint: str,
        official_parts: Mapping[str, NDArray[np.int64]],
        group_factors: Mapping[str, tuple[int, ...]] = MappingProxyType({}),
    ) -> None:
        self.name = name
        self.value_names = class_names if isinstance(class_names, Mapping) else {"class": class_names}
        self.factor_names = tuple(self.value_names)
        self.factor_sizes = tuple(len(names) for names in self.value_names.values())
        self.image_shape = (pixels.shape[1], pixels.shape[2], 3)
        self.licence = licence
        self.source = source
        self.fingerprint = fingerprint
        self.official_parts = official_parts
        self.group_factors = group_factors
        self._pixels = read_when_asked(pixels)
        self._rows = rows
        self._labels = labels.reshape(len(rows), len(self.factor_names))

    def __len__(self) -> int:
        return len(self._rows)

    def images(self, index: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Read images; see `Dataset.images`."""
        self.check_index(index)
        return np.asarray(self._pixels[self._rows[index]])

    def factors(self, index: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Look up classes, shape (B, F); see `Dataset.factors`."""
        self.check_index(index)
        return np.asarray(self._labels[index])


def consecutive_parts(num_images: Mapping[str, int]) -> dict[str, NDArray[np.int64]]:
    """Return the index of each official part of a data set in which one part follows the other.

    Args:
        num_images: Of each part, in the order of the data set.
    """
    ends = np.cumsum(list(num_images.values()))
    return {
        part: np.arange(end - size, end) for end, (part, size) in zip(ends, num_images.items(), strict=True)
    }
