"""Office-Home: things of office and home as art, clip art, product pictures and photographs."""

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

_SOURCE = "Venkateswara, Eusebio, Chakraborty and Panchanathan 2017, Office-Home, arXiv:1706.07522"
_LICENCE = (
    "non-commercial research and teaching, by the fair use notice at hemanthdv.org/officeHomeDataset.html"
)
_NUM_IMAGES = {"Art": 2427, "Clipart": 4365, "Product": 4439, "Real World": 4357}
_NAMES = """
Alarm_Clock Backpack Batteries Bed Bike Bottle Bucket Calculator Calendar Candles Chair Clipboards Computer Couch
Curtains Desk_Lamp Drill Eraser Exit_Sign Fan File_Cabinet Flipflops Flowers Folder Fork Glasses Hammer Helmet Kettle
Keyboard Knives Lamp_Shade Laptop Marker Monitor Mop Mouse Mug Notebook Oven Pan Paper_Clip Pen Pencil Postit_Notes
Printer Push_Pin Radio Refrigerator Ruler Scissors Screwdriver Shelf Sink Sneakers Soda Speaker Spoon Table Telephone
ToothBrush Toys Trash_Can TV Webcam
"""
_CLASSES = tuple(_NAMES.split())


@datasets.register(
    "office_home",
    summary="Office-Home, 15,588 images of 65 classes in 4 domains, one of them for testing, from the user's own copy",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class OfficeHome:
    """Options of Office-Home.

    The factors are `class` and `domain`. The official parts leave one domain out: it is the test part, the others are
    for training, and a share of them, which the split `official` draws, is for choices. Images are decoded once,
    resized by their shorter side, cropped to the centre square, and cached. They are never fetched: their terms are
    to be read. The folder of photographs may be `Real World`, `Real_World` or `RealWorld`.

    Its authors speak of about 15,500 images; the numbers here are those that public code for the set states, and add
    up to DomainBed's 15,588.

    Source: Venkateswara, Eusebio, Chakraborty and Panchanathan 2017, Deep Hashing Network for Unsupervised Domain
    Adaptation, CVPR.

    Raises:
        ValueError: If `test_domain` is unknown, or `image_size` below 1.
    """

    path: str
    """A folder, or a `.zip` or `.tar` file of one, of images in `<domain>/<class>/`; folders around do not matter."""
    test_domain: Literal["Art", "Clipart", "Product", "Real World"] = "Clipart"
    """Domain that is left out for testing; plain training is worst on clip art in DomainBed (arXiv:2007.01434)."""
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
            name="office_home", num_images=_NUM_IMAGES, classes=_CLASSES, licence=_LICENCE, source=_SOURCE
        )
        return open_domains(facts, self._decoding(), self.test_domain, progress or Announcer())

    def _decoding(self) -> Decoding:
        return Decoding(place=self.path, image_size=self.image_size)
