"""Waterbirds: cut-out birds on land and water, which in training mostly go with one kind of bird each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from detaux.core.hashing import content_hash
from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.files.decoded_images import Decoding, open_decoded
from detaux.data.files.metadata_table import open_metadata
from detaux.data.labelled import LabelledImages
from detaux.data.registries import datasets

_SOURCE = (
    "Sagawa, Koh, Hashimoto and Liang 2020, Waterbirds, arXiv:1911.08731, github.com/kohpangwei/group_DRO"
)
_LICENCE = (
    "non-commercial research and education only, as WILDS says; birds of CUB-200-2011 on pictures of Places"
)
_CLASSES, _PLACES = ("landbird", "waterbird"), ("land", "water")
_COLUMNS = {"y": range(2), "place": range(2), "split": range(3)}
_NUM_IMAGES = {
    "train": (3498, 184, 56, 1057),
    "validation": (467, 466, 133, 133),
    "test": (2255, 2255, 642, 642),
}
"""Of landbirds on land and on water, then of waterbirds on land and on water."""


@datasets.register(
    "waterbirds",
    summary="Waterbirds, 11,788 images of land- and waterbirds on land and water, from the user's own copy",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Waterbirds:
    """Options of Waterbirds.

    The factors are class (landbird, waterbird) and place (land, water); class and place make four groups. Of the
    4,795 training images, 95 % have a place that goes with the bird; in the 1,199 of validation and the 5,794 of the
    test part either kind of bird is as often on land as on water. Published average accuracies are means of the
    groups' accuracies weighted by the groups' shares of the training images; `accuracy` here is the share of right
    predictions in the test part, which is another number.

    Images are in the table's order, decoded once, resized by their shorter side, cropped to the centre square, and
    cached. They are never fetched. Variants made with the authors' script have other groups: open them with `manifest`.

    Source: Sagawa, Koh, Hashimoto and Liang 2020, Distributionally Robust Neural Networks for Group Shifts, ICLR,
    arXiv:1911.08731; the weights are in its appendix C.1. The counts of groups are those that users of the published
    files state; their sums follow from the authors' script and CUB-200-2011.

    Raises:
        ValueError: If `image_size` is below 1.
    """

    licence: ClassVar[str] = _LICENCE
    num_images: ClassVar[int | None] = sum(map(sum, _NUM_IMAGES.values()))

    path: str
    """Folder `waterbird_complete95_forest2water2`, or the `.tar.gz` or `.zip` file of it."""
    image_size: int = 64
    """Rows and columns; published results use 224."""

    def __post_init__(self) -> None:
        self._decoding()

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        Raises:
            DataError: If `metadata.csv` or an image is missing or damaged, or the groups are not as published.
        """
        table = open_metadata(self.path)
        rows = table.read(_COLUMNS, texts=["img_filename"])
        labels = rows[["y", "place"]].to_numpy()
        parts = {part: np.flatnonzero(rows["split"] == number) for number, part in enumerate(_NUM_IMAGES)}
        names, faults = table.find(rows["img_filename"])
        table.check([*_count_faults(labels, parts), *faults])
        images = open_decoded("waterbirds", self._decoding(), table.source, names, progress or Announcer())
        return LabelledImages(
            name="waterbirds",
            pixels=images.pixels,
            rows=np.array([images.row_of[name] for name in names]),
            labels=labels,
            class_names={"class": _CLASSES, "place": _PLACES},
            licence=_LICENCE,
            source=_SOURCE,
            fingerprint=content_hash({**images.facts, "table": table.content_hash()}),
            official_parts=parts,
            group_factors={"place": (0, 1)},
        )

    def _decoding(self) -> Decoding:
        return Decoding(place=self.path, image_size=self.image_size)


def _count_faults(labels: NDArray[np.int64], parts: Mapping[str, NDArray[np.int64]]) -> Iterator[str]:
    """Say which parts have other numbers of images in their four groups than the published set."""
    for part, index in parts.items():
        found = tuple(np.bincount(labels[index] @ (2, 1), minlength=4).tolist())
        if found != _NUM_IMAGES[part]:
            yield (
                f"the groups of {part} have {found} images, but those of the published set {_NUM_IMAGES[part]}; "
                "get it anew, or open a variant of your own with the data set 'manifest'"
            )
