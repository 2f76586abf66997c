"""Camelyon17-WILDS: patches of lymph nodes from five hospitals, with and without tumour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

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

if TYPE_CHECKING:
    import pandas as pd

_SOURCE = "Bandi et al. 2018, Camelyon17, as patches by Koh et al. 2021 (WILDS), arXiv:2012.07421, wilds.stanford.edu"
_LICENCE = "CC0 1.0"
_NUM_CENTERS, _SLIDES_A_CENTER, _PATIENTS_A_CENTER = 5, 10, 20
_FACTORS = {"tumor": 2, "center": _NUM_CENTERS, "slide": _NUM_CENTERS * _SLIDES_A_CENTER}
_COORDINATES = range(1_000_000)
_COLUMNS = {
    **{factor: range(size) for factor, size in _FACTORS.items()},
    "patient": range(_NUM_CENTERS * _PATIENTS_A_CENTER),
    "node": range(5),
    "x_coord": _COORDINATES,
    "y_coord": _COORDINATES,
    "split": range(2),
}
_NUM_IMAGES = {"train": 302_436, "validation": 34_904, "test": 85_054, "left out": 33_560}
_VALIDATION_CENTER, _TEST_CENTER = 1, 2


@datasets.register(
    "camelyon17",
    summary="Camelyon17-WILDS, 455,954 patches of lymph nodes from five hospitals, from the user's own copy",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Camelyon17:
    """Options of Camelyon17-WILDS, version 1.0.

    The factors are tumor (no, yes), center (the hospital, 0 to 4, where the paper counts from 1) and slide (0 to 49,
    ten a center); tumor and center make ten groups. Center 2 is the official test part, 85,054 patches, and center 1
    the validation part, 34,904. Of the other three, 302,436 patches train; the 33,560 that WILDS calls
    in-distribution validation (1 in the column `split`) are in no official part, but are images of the set, which
    other splits use. As the test part has one center, its groups are the two classes. With the split `by_group` and
    the factor slide or center, no slide or hospital is in two parts.

    Images are in the table's order, decoded once, resized, and cached. The cache takes 5.6 GB at 64 px and 1.4 GB at
    32. They are never fetched.

    Source: Bandi et al. 2018, From detection of individual metastases to classification of lymph node status at the
    patient level, IEEE Transactions on Medical Imaging 38(2); Koh et al. 2021, WILDS, ICML, arXiv:2012.07421. Parts
    and layout are those of the package wilds, the counts those that its users state.

    Raises:
        ValueError: If `image_size` is below 1.
    """

    licence: ClassVar[str] = _LICENCE
    num_images: ClassVar[int | None] = sum(_NUM_IMAGES.values())

    path: str
    """Folder `camelyon17_v1.0` of `metadata.csv` and `patches`, or the `.tar.gz` or `.zip` file of it."""
    image_size: int = 64
    """Rows and columns; the originals have 96."""

    def __post_init__(self) -> None:
        self._decoding()

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        Raises:
            DataError: If `metadata.csv` or an image is missing or damaged, or the table is not as published.
        """
        table = open_metadata(self.path)
        rows = table.read(_COLUMNS)
        parts = _parts(rows)
        names, faults = table.find(_files(rows))
        table.check([*_contradictions(rows), *_count_faults(parts), *faults])
        images = open_decoded("camelyon17", self._decoding(), table.source, names, progress or Announcer())
        numbered = {factor: tuple(map(str, range(size))) for factor, size in _FACTORS.items()}
        return LabelledImages(
            name="camelyon17",
            pixels=images.pixels,
            rows=np.array([images.row_of[name] for name in names]),
            labels=rows[list(_FACTORS)].to_numpy(),
            class_names=numbered | {"tumor": ("no", "yes")},
            licence=_LICENCE,
            source=_SOURCE,
            fingerprint=content_hash({**images.facts, "table": table.content_hash()}),
            official_parts={part: parts[part] for part in ("train", "validation", "test")},
            group_factors={"center": tuple(range(_NUM_CENTERS))},
        )

    def _decoding(self) -> Decoding:
        return Decoding(place=self.path, image_size=self.image_size)


def _files(rows: pd.DataFrame) -> Iterator[str]:
    """Yield the path of each patch."""
    columns = (rows[name].tolist() for name in ("patient", "node", "x_coord", "y_coord"))
    for patient, node, x, y in zip(*columns, strict=True):
        slide = f"patient_{patient:03d}_node_{node}"
        yield f"patches/{slide}/patch_{slide}_x_{x}_y_{y}.png"


def _parts(rows: pd.DataFrame) -> dict[str, NDArray[np.int64]]:
    """Return the index of each official part, and of the images left out of them."""
    center, is_kept_back = rows["center"].to_numpy(), rows["split"].to_numpy() == 1
    is_inside = (center != _VALIDATION_CENTER) & (center != _TEST_CENTER)
    return {
        "train": np.flatnonzero(is_inside & ~is_kept_back),
        "validation": np.flatnonzero(center == _VALIDATION_CENTER),
        "test": np.flatnonzero(center == _TEST_CENTER),
        "left out": np.flatnonzero(is_inside & is_kept_back),
    }


def _contradictions(rows: pd.DataFrame) -> Iterator[str]:
    """Say for which columns the center is another one than the column `center` says."""
    for column, num in {"slide": _SLIDES_A_CENTER, "patient": _PATIENTS_A_CENTER}.items():
        wrong = np.flatnonzero(rows[column] // num != rows["center"])
        if len(wrong):
            yield (
                f"the columns {column!r} and 'center' contradict each other in row {wrong[0] + 1}, one of "
                f"{len(wrong):,} such rows: each center has {num} of them, one center after the other; get it anew"
            )


def _count_faults(parts: dict[str, NDArray[np.int64]]) -> Iterator[str]:
    found = {part: len(index) for part, index in parts.items()}
    if found != _NUM_IMAGES:
        yield f"its parts have {found} images, but those of the published set {_NUM_IMAGES}; get it anew"
