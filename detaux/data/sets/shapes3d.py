"""3D Shapes: 480,000 images of one object in a room, every combination of six factors once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.official.file import OfficialFile
from detaux.data.official.places import file_place
from detaux.data.official.shapes3d import OFFICIAL, is_at_hand, open_official
from detaux.data.pixel_grid import GridFacts, PixelGrid, Pixels, StoredPixels
from detaux.data.registries import datasets
from detaux.data.rendering.maps import NUM_GEOMETRIES
from detaux.data.rendering.prepare import rendered_maps
from detaux.data.rendering.recolour import Recolouring
from detaux.data.rendering.scene import PIXELS, RENDERER_VERSION, SHAPES

FACTORS = OFFICIAL.factors
_HUES = ("floor_hue", "wall_hue", "object_hue")
_FACTS = GridFacts(
    name="shapes3d",
    factors=FACTORS,
    licence="Apache-2.0",
    source="Burgess and Kim 2018, 3D Shapes Dataset, github.com/google-deepmind/3d-shapes",
    circular=_HUES,
    value_names={"shape": SHAPES},
)


@datasets.register(
    "shapes3d",
    summary="3D Shapes, 480,000 images of 6 factors: the official file where there is one, else rendered",
    source=_FACTS.source,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Shapes3d:
    """Options of 3D Shapes.

    Raises:
        ValueError: If `image_size` does not divide 64, or `levels` names no factor or an impossible number of values.
    """

    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

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
        _FACTS.check_levels(self.levels)

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the one file, which is needed unless the images are rendered."""
        return () if self.origin == "rendered" else (OFFICIAL.file,)

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        The official file is converted now, if that has not been done; maps are rendered when images are first read.

        Raises:
            DataError: If the official file is asked for and missing or damaged.
        """
        progress = progress or Announcer()
        official = self.origin == "official" or (
            self.origin == "auto" and (self.path is not None or is_at_hand())
        )
        return self._official(progress) if official else self._rendered(progress)

    def _rendered(self, progress: Progress) -> Dataset:
        pixels = RenderedPixels(self.image_size, progress)
        return self._grid(pixels, rendered=True, origin={"renderer_version": RENDERER_VERSION})

    def _official(self, progress: Progress) -> Dataset:
        path = file_place(OFFICIAL.file, self.path)
        pixels = StoredPixels(open_official(path, progress), self.image_size)
        return self._grid(pixels, rendered=False, origin={"sha256": OFFICIAL.sha256})

    def _grid(self, pixels: Pixels, *, rendered: bool, origin: Mapping[str, Any]) -> Dataset:
        levels = _FACTS.spread(self.levels)
        return PixelGrid(_FACTS, pixels, self.image_size, levels, rendered=rendered, origin=origin)


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
