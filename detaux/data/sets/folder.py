"""Any folder of images, one folder a class, or an archive of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.hashing import content_hash
from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.cache import CacheEntry, cached_array
from detaux.data.dataset import Dataset
from detaux.data.files.class_folders import WHOLE, find_classes, is_image
from detaux.data.files.decoded_images import Decoding
from detaux.data.files.image_source import ImageSource
from detaux.data.files.open_source import open_source, user_path
from detaux.data.labelled import LabelledImages
from detaux.data.registries import datasets

_ARCHIVE_ENDING = re.compile(r"(\.zip|\.tar(\.\w+)?|\.t[gxb]z2?)$", re.IGNORECASE)


@datasets.register(
    "folder",
    summary="any folder or archive of images: train/<class>/ and test/<class>/, or <class>/",
    source="the user's own files; decoded with Pillow",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class ImageFolder:
    """Options of a folder of images.

    Images are decoded once, resized by their shorter side, cropped to the centre square, and cached. Their order is
    by part, class and name. Links in a folder are followed, those in an archive refused.

    Raises:
        ValueError: If `image_size` is below 1, or `on_error` unknown.
    """

    path: str
    """A folder, or a `.zip` or `.tar` file of one, of any compression."""
    image_size: int = 32
    """Rows and columns."""
    on_error: Literal["stop", "skip"] = "stop"
    """What to do at a file that gives no image, say a broken one: stop and name it, or leave it out."""

    def __post_init__(self) -> None:
        self._decoding()

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        Raises:
            DataError: If the folder or archive is missing, damaged, dangerous, or not laid out by class, an image
                is damaged and `on_error` is `stop`, or all images of a class are.
        """
        progress = progress or Announcer()
        place = user_path(self.path)
        source = open_source(place)
        facts = self._decoding().facts(source, is_image, progress)
        entry = cached_array("folder", facts, lambda path: self._decode(source, path, progress))
        self._decoding().check(entry.notes["damaged"])
        return self._dataset(place, entry, facts)

    def _decoding(self) -> Decoding:
        return Decoding(place=self.path, image_size=self.image_size, on_error=self.on_error)

    def _decode(self, source: ImageSource, path: Path, progress: Progress) -> Mapping[str, Any]:
        """Decode all images into one array, and note the classes and which images are damaged and how."""
        folders = find_classes(source.names(), place=self.path)
        damaged = self._decoding().write(source, folders.ordered(), path, progress)
        return {"classes": folders.classes, "counts": folders.counts(), "damaged": damaged}

    def _dataset(self, place: Path, entry: CacheEntry, facts: Mapping[str, Any]) -> Dataset:
        classes, counts = tuple(entry.notes["classes"]), entry.notes["counts"]
        sizes = np.concatenate(list(counts.values()))
        part, label = np.divmod(np.repeat(np.arange(len(sizes)), sizes), len(classes))
        damaged = [row for row, _, _ in entry.notes["damaged"]]
        rows = np.setdiff1d(np.arange(len(entry.array)), np.array(damaged, dtype=np.int64))
        self._check_filled(entry, rows, np.stack([part, label], axis=1))
        part, label = part[rows], label[rows]
        official = {
            name: np.flatnonzero(part == number) for number, name in enumerate(counts) if name != WHOLE
        }
        return LabelledImages(
            name=f"folder:{_ARCHIVE_ENDING.sub('', place.name)}",
            pixels=entry.array,
            rows=rows,
            labels=label,
            class_names=classes,
            licence="as the files' owner says",
            source=f"images of {place.name}",
            fingerprint=content_hash({**facts, "skipped": damaged}),
            official_parts=official,
        )

    def _check_filled(
        self, entry: CacheEntry, rows: NDArray[np.int64], part_and_label: NDArray[np.int64]
    ) -> None:
        """Check that every class has an image that is not damaged, in each part."""
        filled = {tuple(pair) for pair in np.unique(part_and_label[rows], axis=0).tolist()}
        for row, name, damage in entry.notes["damaged"]:
            part, label = part_and_label[row].tolist()
            if (part, label) not in filled:
                class_name = entry.notes["classes"][label]
                raise DataError(
                    f"{self.path}: no image of the class {class_name!r} is left; the first, {name}, {damage}"
                )
