"""Office-Home: things of office and home as art, clip art, product pictures and photographs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from detaux.data.files.domain_folders import DomainFacts
from detaux.data.files.domain_sets import DomainSet
from detaux.data.registries import datasets

_SOURCE = "Venkateswara, Eusebio, Chakraborty and Panchanathan 2017, Office-Home, arXiv:1706.07522"
_NAMES = """
Alarm_Clock Backpack Batteries Bed Bike Bottle Bucket Calculator Calendar Candles Chair Clipboards Computer Couch
Curtains Desk_Lamp Drill Eraser Exit_Sign Fan File_Cabinet Flipflops Flowers Folder Fork Glasses Hammer Helmet Kettle
Keyboard Knives Lamp_Shade Laptop Marker Monitor Mop Mouse Mug Notebook Oven Pan Paper_Clip Pen Pencil Postit_Notes
Printer Push_Pin Radio Refrigerator Ruler Scissors Screwdriver Shelf Sink Sneakers Soda Speaker Spoon Table Telephone
ToothBrush Toys Trash_Can TV Webcam
"""
_FACTS = DomainFacts(
    name="office_home",
    num_images={"Art": 2427, "Clipart": 4365, "Product": 4439, "Real World": 4357},
    classes=tuple(_NAMES.split()),
    licence=(
        "non-commercial research and teaching, by the fair use notice at hemanthdv.org/officeHomeDataset.html"
    ),
    source=_SOURCE,
)


@datasets.register(
    "office_home",
    summary="Office-Home, 15,588 images of 65 classes in 4 domains, one of them for testing, from the user's own copy",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class OfficeHome(DomainSet):
    """Options of Office-Home.

    Its authors speak of about 15,500 images; the numbers here are those that public code for the set states, and add
    up to DomainBed's 15,588.

    Source: Venkateswara, Eusebio, Chakraborty and Panchanathan 2017, Deep Hashing Network for Unsupervised Domain
    Adaptation, CVPR.
    """

    facts = _FACTS
    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

    test_domain: Literal["Art", "Clipart", "Product", "Real World"] = "Clipart"
    """Domain that is left out for testing; plain training is worst on clip art in DomainBed (arXiv:2007.01434)."""
