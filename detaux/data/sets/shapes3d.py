"""3D Shapes: 480,000 images of one object in a room, every combination of six factors once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detaux.core.hashing import content_hash
from detaux.core.progress import Progress
from detaux.core.registry import unknown_name
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.open_source import user_path
from detaux.data.registries import datasets
from detaux.data.rendering.maps import NUM_GEOMETRIES
from detaux.data.rendering.prepare import rendered_maps
from detaux.data.rendering.recolour import Recolouring
from detaux.data.rendering.scene import PIXELS, RENDERER_VERSION, SHAPES
from detaux.data.shapes3d_official import OFFICIAL, default_path, is_at_hand, open_official

FACTORS = {"floor_hue": 10, "wall_hue": 10, "object_hue": 10, "scale": 8, "shape": 4, "orientation": 15}
_HUES = ("floor_hue", "wall_hue", "object_hue")
_SOURCE = "Burgess and Kim 2018, 3D Shapes Dataset, github.com/google-deepmind/3d-shapes"

Pixels = Callable[[NDArray[np.int64]], NDArray[np.uint8]]
"""Reads images by their index in the full set, (B,), as (B, H, W, 3)."""


@datasets.register(
    "shapes3d",
    summary="3D Shapes, 480,000 images of 6 factors: the official file where there is one, else rendered",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Shapes3d:
    """Options of 3D Shapes.

    Raises:
        ValueError: If `image_size` does not divide 64, or `levels` names no factor or an impossible number of values.
    """

    image_size: int = PIXELS
    """Rows and columns: 64 or a divisor of it; smaller images are area means."""
    levels: Mapping[str, int] = field(default_factory=dict)
    """Number of values to keep of a factor, evenly spread; factors not named keep all."""
    origin: Literal["auto", "official", "rendered"] = "auto"
    """The official images, those rendered by us, or the official ones if they are at hand."""
    path: str | None = None
    """Of the official 3dshapes.h5; without it, the file is looked for in the cache folder."""

    def __post_init__(self) -> None:
        if self.image_size < 1 or PIXELS % self.image_size:
            raise ValueError(f"image_size must divide {PIXELS}, found {self.image_size}")
        if self.origin not in {"auto", "official", "rendered"}:
            raise ValueError(f"origin must be 'auto', 'official' or 'rendered', found {self.origin!r}")
        for name, count in self.levels.items():
            if name not in FACTORS:
                raise ValueError("levels: " + unknown_name(name, tuple(FACTORS), kind="factors of 3D Shapes"))
            if not 1 <= count <= FACTORS[name]:
                raise ValueError(f"levels of {name} must lie in 1 to {FACTORS[name]}, found {count}")

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        The official file is converted now, if that has not been done; maps are rendered when images are first read.

        Raises:
            DataError: If the official file is asked for and missing or damaged.
        """
        progress = progress or Announcer()
        levels = tuple(spread_levels(name, self.levels.get(name, size)) for name, size in FACTORS.items())
        official = self.origin == "official" or (
            self.origin == "auto" and (self.path is not None or is_at_hand())
        )
        if not official:
            return Shapes3dGrid(
                RenderedPixels(self.image_size, progress), self.image_size, levels, rendered=True
            )
        path = default_path() if self.path is None else user_path(self.path)
        return Shapes3dGrid(
            OfficialPixels(open_official(path, progress), self.image_size),
            self.image_size,
            levels,
            rendered=False,
        )


class Shapes3dGrid(FactorGrid):
    """3D Shapes, or a part of it with fewer values of some factors.

    Args:
        pixels: Reads images of the full set.
        image_size: Their rows and columns.
        levels: For each factor, which of its values are kept.
        rendered: Whether the images are ours.
    """

    factor_names = tuple(FACTORS)
    full_sizes = tuple(FACTORS.values())
    licence = "Apache-2.0"
    official_parts: Mapping[str, NDArray[np.int64]] = {}

    def __init__(
        self, pixels: Pixels, image_size: int, levels: tuple[tuple[int, ...], ...], *, rendered: bool
    ) -> None:
        self.name = "shapes3d:rendered" if rendered else "shapes3d"
        self.levels = levels
        self.factor_sizes = tuple(len(values) for values in levels)
        self.value_names = {
            "shape": tuple(SHAPES[value] for value in levels[self.factor_names.index("shape")])
        }
        self.image_shape = (image_size, image_size, 3)
        self.official_parts = {}
        self.rendered = rendered
        self.source = f"{_SOURCE}; rendered again, not the original images" if rendered else _SOURCE
        origin = {"renderer_version": RENDERER_VERSION} if rendered else {"sha256": OFFICIAL.sha256}
        self.fingerprint = content_hash({"shapes3d": origin, "image_size": image_size, "levels": levels})
        self._pixels = pixels

    def images(self, index: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Read images; see `Dataset.images`."""
        kept = [
            np.array(values)[column]
            for values, column in zip(self.levels, self.factors(index).T, strict=True)
        ]
        return self._pixels(np.ravel_multi_index(tuple(kept), self.full_sizes))


class RenderedPixels:
    """Reads images composed from rendered maps; the maps are prepared at the first read.

    Args:
        image_size: Rows and columns.
        progress: Hears of the preparation.
    """

    def __init__(self, image_size: int, progress: Progress) -> None:
        self._image_size = image_size
        self._progress = progress

    def __call__(self, index: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Compose images; see `Pixels`."""
        hue_number, geometry = np.divmod(index, NUM_GEOMETRIES)
        hues = np.stack(np.unravel_index(hue_number, [FACTORS[name] for name in _HUES]), axis=1)
        images = self._recolouring.images(geometry, hues)
        return images.reshape(len(index), self._image_size, self._image_size, 3)

    @cached_property
    def _recolouring(self) -> Recolouring:
        return Recolouring(rendered_maps(self._image_size, self._progress))


class OfficialPixels:
    """Reads official images.

    Args:
        images: All of them, shape (480000, 64, 64, 3), uint8, memory-mapped.
        image_size: Rows and columns wanted.
    """

    def __init__(self, images: NDArray[np.uint8], image_size: int) -> None:
        self._images = images
        self._image_size = image_size

    def __call__(self, index: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Read images and average areas; see `Pixels`."""
        images = np.asarray(self._images[index])
        if self._image_size == images.shape[1]:
            return images
        area = images.shape[1] // self._image_size
        blocks = images.reshape(len(index), self._image_size, area, self._image_size, area, 3)
        return np.array(np.rint(blocks.mean(axis=(2, 4), dtype=np.float32)), dtype=np.uint8)


def spread_levels(name: str, count: int) -> tuple[int, ...]:
    """Choose `count` values of a factor, evenly: hues go round in a circle, others keep both ends."""
    size = FACTORS[name]
    if name in _HUES:
        return tuple(step * size // count for step in range(count))
    return tuple(int(value) for value in np.rint(np.linspace(0, size - 1, count)))
