"""PACS: photographs, paintings, cartoons and sketches of the same seven classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from detaux.data.files.domain_folders import DomainFacts
from detaux.data.files.domain_sets import DomainSet
from detaux.data.registries import datasets

_SOURCE = "Li, Yang, Song and Hospedales 2017, PACS, arXiv:1710.03077"
_FACTS = DomainFacts(
    name="pacs",
    num_images={"art_painting": 2048, "cartoon": 2344, "photo": 1670, "sketch": 3929},
    classes=("dog", "elephant", "giraffe", "guitar", "horse", "house", "person"),
    licence="none known; the terms of its sources hold: Caltech256, Sketchy, TU-Berlin and the web",
    source=_SOURCE,
)


@datasets.register(
    "pacs",
    summary="PACS, 9991 images of 7 classes in 4 domains, one of them for testing, from the user's own copy",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class PACS(DomainSet):
    """Options of PACS.

    The numbers of images are those that public code for the set states; they add up to DomainBed's 9991.

    The originals have 227 rows and columns.

    Source: Li, Yang, Song and Hospedales 2017, Deeper, Broader and Artier Domain Generalization, ICCV.
    """

    facts = _FACTS
    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

    test_domain: Literal["art_painting", "cartoon", "photo", "sketch"] = "sketch"
    """Domain that is left out for testing; plain training is worst on sketches in DomainBed (arXiv:2007.01434)."""
