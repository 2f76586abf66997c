"""PACS: photographs, paintings, cartoons and sketches of the same seven classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.files.decoded_images import Decoding
from detaux.data.files.domain_folders import DomainFacts
from detaux.data.files.domain_sets import open_domains
from detaux.data.registries import datasets

_SOURCE = "Li, Yang, Song and Hospedales 2017, PACS, arXiv:1710.03077"
_LICENCE = "none known; the terms of its sources hold: Caltech256, Sketchy, TU-Berlin and the web"
_NUM_IMAGES = {"art_painting": 2048, "cartoon": 2344, "photo": 1670, "sketch": 3929}
_CLASSES = ("dog", "elephant", "giraffe", "guitar", "horse", "house", "person")


@datasets.register(
    "pacs",
    summary="PACS, 9991 images of 7 classes in 4 domains, one of them for testing, from the user's own copy",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class PACS:
    """Options of PACS.

    The factors are `class` and `domain`. The official parts leave one domain out: it is the test part, the others are
    for training, and a share of them, which the split `official` draws, is for choices. Images are decoded once,
    resized by their shorter side, cropped to the centre square, and cached. They are never fetched.

    The numbers of images are those that public code for the set states; they add up to DomainBed's 9991.

    Source: Li, Yang, Song and Hospedales 2017, Deeper, Broader and Artier Domain Generalization, ICCV.

    Raises:
        ValueError: If `test_domain` is unknown, or `image_size` below 1.
    """

    path: str
    """A folder, or a `.zip` or `.tar` file of one, of images in `<domain>/<class>/`; folders around do not matter."""
    test_domain: Literal["art_painting", "cartoon", "photo", "sketch"] = "sketch"
    """Domain that is left out for testing; plain training is worst on sketches in DomainBed (arXiv:2007.01434)."""
    image_size: int = 64
    """Rows and columns; the originals have 227."""

    def __post_init__(self) -> None:
        self._decoding()
        if self.test_domain not in _NUM_IMAGES:
            raise ValueError(
                f"test_domain must be one of {', '.join(_NUM_IMAGES)}, found {self.test_domain!r}"
            )

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        Raises:
            DataError: If the files are missing, damaged, or not the published ones; all that is wrong is told.
        """
        facts = DomainFacts(
            name="pacs", num_images=_NUM_IMAGES, classes=_CLASSES, licence=_LICENCE, source=_SOURCE
        )
        return open_domains(facts, self._decoding(), self.test_domain, progress or Announcer())

    def _decoding(self) -> Decoding:
        return Decoding(place=self.path, image_size=self.image_size)
