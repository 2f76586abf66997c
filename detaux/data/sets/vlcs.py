"""VLCS: the same five classes in photographs of four older sets."""

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

_SOURCE = "Fang, Xu and Rockmore 2013, VLCS, ICCV; laid out as DomainBed's, arXiv:2007.01434"
_LICENCE = "none of its own; the terms of Caltech101, LabelMe, SUN09 and VOC2007 hold"
_NUM_IMAGES = {"Caltech101": 1415, "LabelMe": 2656, "SUN09": 3282, "VOC2007": 3376}
_CLASSES = ("bird", "car", "chair", "dog", "person")


@datasets.register(
    "vlcs",
    summary="VLCS, 10,729 photographs of 5 classes in 4 domains, one of them for testing, from the user's own copy",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class VLCS:
    """Options of VLCS, as DomainBed lays it out; other copies part each domain and number the classes.

    The factors are `class` and `domain`. The official parts leave one domain out: it is the test part, the others are
    for training, and a share of them, which the split `official` draws, is for choices. Images are decoded once,
    resized by their shorter side, cropped to the centre square, and cached. They are never fetched.

    The numbers of images are those that public code for the set states; they add up to DomainBed's 10,729.

    Source: Fang, Xu and Rockmore 2013, Unbiased Metric Learning: On the Utilization of Multiple Datasets and Web
    Images for Softening Bias, ICCV.

    Raises:
        ValueError: If `test_domain` is unknown, or `image_size` below 1.
    """

    path: str
    """A folder, or a `.zip` or `.tar` file of one, of images in `<domain>/<class>/`; folders around do not matter."""
    test_domain: Literal["Caltech101", "LabelMe", "SUN09", "VOC2007"] = "LabelMe"
    """Domain that is left out for testing; plain training is worst on LabelMe in DomainBed (arXiv:2007.01434)."""
    image_size: int = 64
    """Rows and columns."""

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
            name="vlcs", num_images=_NUM_IMAGES, classes=_CLASSES, licence=_LICENCE, source=_SOURCE
        )
        return open_domains(facts, self._decoding(), self.test_domain, progress or Announcer())

    def _decoding(self) -> Decoding:
        return Decoding(place=self.path, image_size=self.image_size)
