"""Published sets of labelled images: what is known of one, and the data set that its cached images make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.hashing import content_hash
from detaux.data.labelled import LabelledImages, consecutive_parts


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedFacts:
    """What is known of a set before its files are read."""

    name: str
    """As records show it; also its folder in the cache."""
    num_images: Mapping[str, int]
    """Of each official part, in the order of the data set."""
    licence: str
    """Under which the images may be used."""
    source: str
    """Authors, year and title."""

    @property
    def total_images(self) -> int:
        """How many images there are in all parts."""
        return sum(self.num_images.values())

    def data_set(
        self,
        pixels: NDArray[np.uint8],
        labels: NDArray[np.int64],
        class_names: Mapping[str, tuple[str, ...]],
        content: Mapping[str, Any],
    ) -> LabelledImages:
        """Make the data set of its images, which lie part after part.

        Args:
            pixels: Shape (N, H, W, 3), uint8, memory-mapped.
            labels: Class of each image for each factor, shape (N, F).
            class_names: Of each factor.
            content: All that the images depend on, as JSON values, for the fingerprint.
        """
        return LabelledImages(
            name=self.name,
            pixels=pixels,
            rows=np.arange(len(pixels)),
            labels=labels,
            class_names=class_names,
            licence=self.licence,
            source=self.source,
            fingerprint=content_hash(content),
            official_parts=consecutive_parts(self.num_images),
        )
