"""A factor grid over a reader of pixels, whole or with fewer values of some factors."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.hashing import content_hash
from detaux.core.registry import unknown_name
from detaux.data.dataset import FactorGrid
from detaux.data.stored_rows import read_when_asked

Pixels = Callable[[NDArray[np.int64]], NDArray[np.uint8]]
"""Reads images by their index in the full set, (B,), as (B, H, W, 3)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GridFacts:
    """What is known of a published grid of factors, whoever reads its pixels."""

    name: str
    """As a suite writes it."""
    factors: Mapping[str, int]
    """How many values each factor takes, in the set's own order: the last varies fastest."""
    licence: str
    """Under which the images may be used."""
    source: str
    """Where the images come from."""
    circular: tuple[str, ...] = ()
    """Factors whose values go round in a circle, so that the first follows the last."""
    value_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of a factor's values, for those factors whose values have names."""

    @property
    def total_images(self) -> int:
        """How many images there are in the full set, one of each combination."""
        return math.prod(self.factors.values())

    def check_levels(self, levels: Mapping[str, int]) -> None:
        """Check how many values of each factor are to be kept.

        Raises:
            ValueError: If a name is no factor, or a number is not possible.
        """
        for name, count in levels.items():
            if name not in self.factors:
                raise ValueError(
                    "levels: " + unknown_name(name, tuple(self.factors), kind=f"factors of {self.name}")
                )
            if not 1 <= count <= self.factors[name]:
                raise ValueError(f"levels of {name} must lie in 1 to {self.factors[name]}, found {count}")

    def spread(self, levels: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
        """Choose which values of each factor are kept, evenly; circular factors go round, others keep both ends."""
        return tuple(self._spread(name, levels.get(name, size)) for name, size in self.factors.items())

    def _spread(self, name: str, count: int) -> tuple[int, ...]:
        size = self.factors[name]
        if name in self.circular:
            return tuple(step * size // count for step in range(count))
        return tuple(int(value) for value in np.rint(np.linspace(0, size - 1, count)))


class PixelGrid(FactorGrid):
    """A published grid, or a part of it with fewer values of some factors.

    Args:
        facts: Of the full set.
        pixels: Reads images of the full set.
        image_size: Their rows and columns.
        levels: For each factor, which of its values are kept, ascending.
        rendered: Whether the images are ours.
        origin: What else the images depend on, as JSON values: hash of the official file, version of the renderer.
    """

    def __init__(
        self,
        facts: GridFacts,
        pixels: Pixels,
        image_size: int,
        levels: tuple[tuple[int, ...], ...],
        *,
        rendered: bool,
        origin: Mapping[str, Any],
    ) -> None:
        self.name = f"{facts.name}:rendered" if rendered else facts.name
        self.factor_names = tuple(facts.factors)
        self.full_sizes = tuple(facts.factors.values())
        self.levels = levels
        self.factor_sizes = tuple(len(values) for values in levels)
        self.value_names = {
            name: tuple(names[value] for value in levels[self.factor_names.index(name)])
            for name, names in facts.value_names.items()
        }
        self.image_shape = (image_size, image_size, 3)
        self.official_parts = {}
        self.rendered = rendered
        self.licence = facts.licence
        self.source = f"{facts.source}; rendered again, not the original images" if rendered else facts.source
        self.fingerprint = content_hash({facts.name: origin, "image_size": image_size, "levels": levels})
        self._pixels = pixels

    def images(self, index: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Read images; see `Dataset.images`."""
        kept = [
            np.array(values)[column]
            for values, column in zip(self.levels, self.factors(index).T, strict=True)
        ]
        return self._pixels(np.ravel_multi_index(tuple(kept), self.full_sizes))


class StoredPixels:
    """Reads stored images, by area means where they are wanted smaller.

    Args:
        images: All of the full set, shape (N, S, S, 3), or (N, S, S) if they are grey, uint8, memory-mapped.
        image_size: Rows and columns wanted, a divisor of S.
    """

    def __init__(self, images: NDArray[np.uint8], image_size: int) -> None:
        self._images = read_when_asked(images)
        self._image_size = image_size

    def __call__(self, index: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Read images; see `Pixels`."""
        images = area_means(np.asarray(self._images[index]), self._image_size)
        return images if images.ndim == 4 else np.repeat(images[..., None], 3, axis=-1)  # noqa: PLR2004 (B, H, W, 3)


def area_means(images: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Reduce images (B, S, S, ...) to (B, size, size, ...), each value the rounded mean of a square.

    Rows are added first, then columns: whole slices at a time, and exact in float32, as all sums are below 2^24.
    """
    batch, full = images.shape[:2]
    if size == full:
        return images
    area, channels = full // size, images.shape[3:]
    rows = images.reshape(batch, size, area, full, *channels).sum(axis=2, dtype=np.float32)
    columns = rows.reshape(batch, size, size, area, *channels)
    means = columns[:, :, :, 0].copy()
    for place in range(1, area):
        means += columns[:, :, :, place]
    means /= area * area
    return np.asarray(np.rint(means, out=means), dtype=np.uint8)
