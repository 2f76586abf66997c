"""Small NORB: 48,600 photographs of 50 toys, every combination of five factors once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from detaux.core.paths import cache_dir
from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.files.open_source import user_path
from detaux.data.official.file import OfficialFile
from detaux.data.official.small_norb import FACTORS, OFFICIAL, identity, open_official
from detaux.data.official.small_norb_pixels import PIXELS, AreaPixels
from detaux.data.pixel_grid import GridFacts, PixelGrid
from detaux.data.registries import datasets

_FACTS = GridFacts(
    name="small_norb",
    factors=FACTORS,
    licence="for research only, not to be sold (NORB's own terms)",
    source="LeCun, Huang, Bottou 2004, small NORB v1.0, cs.nyu.edu/~ylclab/data/norb-v1.0-small",
    circular=("azimuth",),
    value_names={"category": ("animal", "human", "plane", "truck", "car")},
)


@datasets.register(
    "small_norb",
    summary="small NORB, 48,600 photographs of 50 toys by 5 factors; needs the official files",
    source=_FACTS.source,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class SmallNorb:
    """Options of small NORB.

    Images are those of the left camera, as in disentanglement_lib. Instances keep their official numbers 0 to 9, so
    the official training part is instances 4, 6, 7, 8, 9 of each category and the test part 0, 1, 2, 3, 5.

    Differs in: disentanglement_lib holds the training part only and treats the instance as noise; here both parts
    make one grid with the instance as a factor, and `official_parts` tells them apart. An instance number says
    nothing across categories: animal 3 and car 3 have nothing in common. Smaller images are area means, not Pillow's.

    Raises:
        ValueError: If `image_size` is out of 1 to 96, or `levels` names no factor or an impossible number of values.
    """

    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

    image_size: int = 64
    """Rows and columns, at most the 96 of the files; smaller images are area means."""
    levels: Mapping[str, int] = field(default_factory=dict)
    """Number of values to keep of a factor, evenly spread; factors not named keep all."""
    path: str | None = None
    """Folder of the six official files; without it, they are looked for in the cache folder."""

    def __post_init__(self) -> None:
        if not 1 <= self.image_size <= PIXELS:
            raise ValueError(f"image_size must lie in 1 to {PIXELS}, found {self.image_size}")
        _FACTS.check_levels(self.levels)

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the files that these options need."""
        return tuple(file for part in OFFICIAL.values() for file in part.files)

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`. The official files are converted now, if not done before.

        Raises:
            DataError: If an official file is missing or damaged.
        """
        folder = cache_dir() if self.path is None else user_path(self.path)
        images = open_official(folder, progress or Announcer(), OFFICIAL, side=PIXELS)
        grid = PixelGrid(
            _FACTS,
            AreaPixels(images, self.image_size),
            self.image_size,
            _FACTS.spread(self.levels),
            rendered=False,
            origin=identity(OFFICIAL),
        )
        grid.official_parts = _parts(grid)
        return grid


def _parts(grid: PixelGrid) -> Mapping[str, NDArray[np.int64]]:
    """Split the grid's images by instance; there is no split where the kept instances are all of one part."""
    column = tuple(FACTORS).index("instance")
    places = np.arange(len(grid))
    instances = np.array(grid.levels[column])[grid.factors(places)[:, column]]
    parts = {name: places[np.isin(instances, part.instances)] for name, part in OFFICIAL.items()}
    return parts if all(len(part) for part in parts.values()) else {}
