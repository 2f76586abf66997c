"""VLCS: the same five classes in photographs of four older sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from detaux.data.files.domain_folders import DomainFacts
from detaux.data.files.domain_sets import DomainSet
from detaux.data.registries import datasets

_SOURCE = "Fang, Xu and Rockmore 2013, VLCS, ICCV; laid out as DomainBed's, arXiv:2007.01434"
_FACTS = DomainFacts(
    name="vlcs",
    num_images={"Caltech101": 1415, "LabelMe": 2656, "SUN09": 3282, "VOC2007": 3376},
    classes=("bird", "car", "chair", "dog", "person"),
    licence="none of its own; the terms of Caltech101, LabelMe, SUN09 and VOC2007 hold",
    source=_SOURCE,
)


@datasets.register(
    "vlcs",
    summary="VLCS, 10,729 photographs of 5 classes in 4 domains, one of them for testing, from the user's own copy",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class VLCS(DomainSet):
    """Options of VLCS, as DomainBed lays it out; other copies part each domain and number the classes.

    The numbers of images are those that public code for the set states; they add up to DomainBed's 10,729.

    Source: Fang, Xu and Rockmore 2013, Unbiased Metric Learning: On the Utilization of Multiple Datasets and Web
    Images for Softening Bias, ICCV.
    """

    facts = _FACTS
    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

    test_domain: Literal["Caltech101", "LabelMe", "SUN09", "VOC2007"] = "LabelMe"
    """Domain that is left out for testing; plain training is worst on LabelMe in DomainBed (arXiv:2007.01434)."""
