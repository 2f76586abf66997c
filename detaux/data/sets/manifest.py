"""Any images listed in a table, each with one label or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.hashing import content_hash
from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.files.decoded_images import DecodedImages, Decoding, open_decoded
from detaux.data.files.image_source import ImageSource
from detaux.data.files.manifest_checks import PARTS, plain_name, row_faults
from detaux.data.files.manifest_labels import check_filled, encode, plain_numbers
from detaux.data.files.manifest_table import ENDINGS, Cells, read_cells
from detaux.data.files.open_source import open_source, user_path
from detaux.data.labelled import LabelledImages
from detaux.data.registries import datasets


@datasets.register(
    "manifest",
    summary="any images listed in a CSV, TSV or Parquet table, with one or several columns of labels",
    source="the user's own files; decoded with Pillow",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class ImageManifest:
    """Options of a table of images.

    Images are in the table's order, decoded once, resized by their shorter side, cropped to the centre square, and
    cached. Labels are text or whole numbers, `1.0` the same as `1`; a factor's values are sorted. Links in a folder
    are followed, those in an archive refused.

    Raises:
        ValueError: If `image_size` is below 1, `on_error` unknown, the table no `.csv`, `.tsv` or `.parquet`, or a
            column is missing or named twice, or a group is no factor.
    """

    licence: ClassVar[str] = "as the files' owner says"
    num_images: ClassVar[int | None] = None

    path: str
    """Of the table, a `.csv`, `.tsv` or `.parquet` file of one row an image."""
    factors: tuple[str, ...]
    """Columns that are labels, at least one; each becomes a factor."""
    images: str | None = None
    """Folder, or `.zip` or `.tar` file of one, in which the table's paths lie; by default the table's folder."""
    image_column: str = "path"
    """Column of the images' paths."""
    part_column: str | None = None
    """Column of parts, `train`, `validation` or `test`; with them the split `official` can be made."""
    groups: tuple[str, ...] = ()
    """Factors whose values each make a group with every principal class; there is then a worst-group score."""
    image_size: int = 32
    """Rows and columns of an image."""
    on_error: Literal["stop", "skip"] = "stop"
    """What to do at a file that gives no image, say a broken one: stop and name it, or leave it out."""

    def __post_init__(self) -> None:
        self._decoding()
        if not self.path.lower().endswith(ENDINGS):
            raise ValueError(f"path must end in {', '.join(ENDINGS)}, found {self.path!r}")
        columns = self._columns()
        if not self.factors or len(set(columns)) < len(columns):
            raise ValueError(
                f"factors must name at least one column, and none twice, nor those of images and parts, found {self.factors}"
            )
        if strangers := [name for name in self.groups if name not in self.factors]:
            raise ValueError(f"groups must be named in factors too, but {strangers[0]!r} is not")

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        Raises:
            DataError: If the table or the images are missing, or the table has faults, all of which are named; if an
                image is damaged and `on_error` is `stop`, or all images of a label are.
        """
        source = self._open_images()
        cells = self._checked_cells(source)
        names = [plain_name(text) for text in cells[self.image_column]]
        decoded = open_decoded("manifest", self._decoding(), source, names, progress or Announcer())
        return self._dataset(cells, names, decoded)

    def _columns(self) -> list[str]:
        parts = [] if self.part_column is None else [self.part_column]
        return [self.image_column, *self.factors, *parts]

    def _decoding(self) -> Decoding:
        return Decoding(place=self.path, image_size=self.image_size, on_error=self.on_error)

    def _open_images(self) -> ImageSource:
        if self.images is None:
            return open_source(user_path(self.path).parent)
        place = user_path(self.images)
        if not place.exists():
            raise DataError(f"there is no folder and no archive at {place}; look after the option 'images'")
        return open_source(place)

    def _checked_cells(self, source: ImageSource) -> Cells:
        cells, faults = read_cells(user_path(self.path), self._columns())
        cells = {**cells, **{name: plain_numbers(cells[name]) for name in self.factors if name in cells}}
        faults += row_faults(
            cells,
            images=self.image_column,
            factors=self.factors,
            parts=self.part_column,
            known=source.names(),
        )
        if faults:
            raise DataError(f"{self.path} cannot be used: " + "\n  ".join(faults))
        return cells

    def _dataset(self, cells: Cells, names: Sequence[str], decoded: DecodedImages) -> Dataset:
        kept = np.array([row for row, name in enumerate(names) if name not in decoded.damaged], np.int64)
        encoded = {factor: encode(cells[factor]) for factor in self.factors}
        labels = np.stack([codes for codes, _ in encoded.values()], axis=1)[kept]
        value_names = {factor: values for factor, (_, values) in encoded.items()}
        check_filled(self.path, labels, value_names)
        official = self._official_parts(cells, kept)
        identity = {
            "order": [names[row] for row in kept],
            "values": value_names,
            "labels": labels.tolist(),
            "parts": {part: index.tolist() for part, index in official.items()},
        }
        return LabelledImages(
            name=f"manifest:{Path(self.path).stem}",
            pixels=decoded.pixels,
            rows=np.array([decoded.row_of[names[row]] for row in kept], np.int64),
            labels=labels,
            class_names=value_names,
            licence=self.licence,
            source=f"images listed in {Path(self.path).name}",
            fingerprint=content_hash({**decoded.facts, **identity}),
            official_parts=official,
            group_factors={name: tuple(range(len(value_names[name]))) for name in self.groups},
        )

    def _official_parts(self, cells: Cells, kept: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
        """Return the places of the images of each official part that has one."""
        if self.part_column is None:
            return {}
        part = np.array(cells[self.part_column])[kept]
        found = {name: np.flatnonzero(part == name) for name in PARTS}
        return {name: index for name, index in found.items() if len(index)}
