"""Cars3D: 17,568 rendered images of cars, every combination of three factors once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.official.cars3d import OFFICIAL, open_official
from detaux.data.official.file import OfficialFile
from detaux.data.official.places import file_place
from detaux.data.pixel_grid import GridFacts, PixelGrid, StoredPixels
from detaux.data.registries import datasets

_FACTS = GridFacts(
    name="cars3d",
    factors=OFFICIAL.factors,
    licence="not stated by the authors",
    source="Reed et al. 2015, Deep Visual Analogy-Making, scottreed.info/files/nips2015-analogy-data.tar.gz",
    circular=("azimuth",),
)


@datasets.register(
    "cars3d",
    summary="Cars3D, 17,568 images of 183 cars by 3 factors; needs the official archive",
    source=_FACTS.source,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Cars3d:
    """Options of Cars3D.

    Objects are numbered as the archive's list.txt names them.

    Differs in: disentanglement_lib numbers objects as the system lists the folder, so its numbers vary; smaller
    images are area means, not Pillow's.

    Raises:
        ValueError: If `image_size` does not divide 128, or `levels` names no factor or an impossible number of values.
    """

    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

    image_size: int = 64
    """Rows and columns: 128 or a divisor of it; smaller images are area means."""
    levels: Mapping[str, int] = field(default_factory=dict)
    """Number of values to keep of a factor, evenly spread; factors not named keep all."""
    path: str | None = None
    """Of the official archive; without it, it is looked for in the cache folder."""

    def __post_init__(self) -> None:
        if self.image_size < 1 or OFFICIAL.side % self.image_size:
            raise ValueError(f"image_size must divide {OFFICIAL.side}, found {self.image_size}")
        _FACTS.check_levels(self.levels)

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the files that these options need."""
        return (OFFICIAL.file,)

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`. The official archive is converted now, if not done before.

        Raises:
            DataError: If the official archive is missing or damaged.
        """
        path = file_place(OFFICIAL.file, self.path)
        images = open_official(path, progress or Announcer(), OFFICIAL)
        return PixelGrid(
            _FACTS,
            StoredPixels(images, self.image_size),
            self.image_size,
            _FACTS.spread(self.levels),
            rendered=False,
            origin=OFFICIAL.file.identity,
        )
