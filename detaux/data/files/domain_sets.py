"""Published sets of images by domain and class, of which one domain is the test part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detaux.core.hashing import content_hash
from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.files.decoded_images import Decoding, open_decoded
from detaux.data.files.domain_folders import DomainFacts, find_domains
from detaux.data.files.open_source import open_source, user_path
from detaux.data.labelled import LabelledImages


@dataclass(frozen=True, kw_only=True, slots=True)
class DomainSet:
    """Options of a set of images in folders by domain and class, from the user's own copy.

    The factors are `class` and `domain`, and every class in every domain is a group. The official parts leave one
    domain out: it is the test part, the others are for training, and a share of them, which the split `official`
    draws, is for choices. Images are in the order of domain, class and name, decoded once, resized by their shorter
    side, cropped to the centre square, and cached. They are never fetched.

    Raises:
        ValueError: If `test_domain` is unknown, or `image_size` below 1.
    """

    facts: ClassVar[DomainFacts]
    """Of the set."""
    licence: ClassVar[str]
    num_images: ClassVar[int | None]

    path: str
    """A folder, or a `.zip` or `.tar` file of one, of images in `<domain>/<class>/`; folders around do not matter."""
    test_domain: str
    """Domain that is left out for testing."""
    image_size: int = 64
    """Rows and columns."""

    def __post_init__(self) -> None:
        self._decoding()
        domains = self.facts.num_images
        if self.test_domain not in domains:
            raise ValueError(f"test_domain must be one of {', '.join(domains)}, found {self.test_domain!r}")

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        Raises:
            DataError: If the files are missing, damaged, or not the published ones; all that is wrong is told.
        """
        return _open(self.facts, self._decoding(), self.test_domain, progress or Announcer())

    def _decoding(self) -> Decoding:
        return Decoding(place=self.path, image_size=self.image_size)


def _open(facts: DomainFacts, decoding: Decoding, test_domain: str, progress: Progress) -> LabelledImages:
    """Open a set, decoding its images first if that has not been done."""
    source = open_source(user_path(decoding.place))
    found = find_domains(source.names(), facts, place=decoding.place)
    images = open_decoded(facts.name, decoding, source, [image.name for image in found], progress)
    domains = tuple(facts.num_images)
    is_test = np.array([domains[image.domain] == test_domain for image in found])
    return LabelledImages(
        name=facts.name,
        pixels=images.pixels,
        rows=np.array([images.row_of[image.name] for image in found], np.int64),
        labels=np.array([(image.label, image.domain) for image in found], np.int64),
        class_names={"class": tuple(facts.classes), "domain": domains},
        licence=facts.licence,
        source=facts.source,
        fingerprint=content_hash(images.facts),
        official_parts={"train": np.flatnonzero(~is_test), "test": np.flatnonzero(is_test)},
        group_factors={"domain": tuple(range(len(domains)))},
    )
