"""Any folder of images, one folder a class, or an archive of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from detaux.core.errors import DataError
from detaux.core.hashing import content_hash
from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.files.class_folders import WHOLE, ClassFolders, find_classes
from detaux.data.files.decoded_images import DecodedImages, Decoding, open_decoded
from detaux.data.files.open_source import open_source, user_path
from detaux.data.labelled import LabelledImages
from detaux.data.registries import datasets

_ARCHIVE_ENDING = re.compile(r"(\.zip|\.tar(\.\w+)?|\.t[gxb]z2?)$", re.IGNORECASE)


@datasets.register(
    "folder",
    summary="any folder or archive of images: <part>/<class>/ with parts train, validation and test, or <class>/",
    source="the user's own files; decoded with Pillow",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class ImageFolder:
    """Options of a folder of images.

    Images lie in `<class>/`, or in `<part>/<class>/` with the parts `train`, `validation` (also written `valid` or
    `val`) and `test`; these are the official parts, and without `test` there is no split `official`. They are turned
    upright as EXIF says, resized by their shorter side, cropped to the centre square, and cached; transparency is
    dropped. Their order is by part, class and name; classes are numbered in that order, and their folders' names are
    the values of the factor `class`. Links in a folder are followed, those in an archive refused.

    Raises:
        ValueError: If `image_size` is below 1, or `on_error` unknown.
    """

    licence: ClassVar[str] = "as the files' owner says"
    num_images: ClassVar[int | None] = None

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
        place = user_path(self.path)
        source = open_source(place)
        folders = find_classes(source.names(), place=self.path)
        decoded = open_decoded("folder", self._decoding(), source, folders.ordered(), progress or Announcer())
        self._check_filled(folders, decoded.damaged)
        return self._dataset(place, folders, decoded)

    def _decoding(self) -> Decoding:
        return Decoding(place=self.path, image_size=self.image_size, on_error=self.on_error)

    def _check_filled(self, folders: ClassFolders, damaged: Mapping[str, str]) -> None:
        """Check that every class has an image that is not damaged, in each part."""
        for by_class in folders.files.values():
            for class_name, (first, *others) in zip(folders.classes, by_class, strict=True):
                if damaged.keys() >= {first, *others}:
                    raise DataError(
                        f"{self.path}: no image of the class {class_name!r} is left; the first, {first}, {damaged[first]}"
                    )

    def _dataset(self, place: Path, folders: ClassFolders, decoded: DecodedImages) -> Dataset:
        """Label the images that are not damaged by the folders in which they lie now, whatever was cached."""
        names = folders.ordered()
        kept = np.array([row for row, name in enumerate(names) if name not in decoded.damaged], np.int64)
        sizes = np.concatenate(list(folders.counts().values()))
        places = np.repeat(np.arange(len(sizes)), sizes)[kept]
        part, label = np.divmod(places, len(folders.classes))
        return LabelledImages(
            name=f"folder:{_ARCHIVE_ENDING.sub('', place.name)}",
            pixels=decoded.pixels,
            rows=np.array([decoded.row_of[names[row]] for row in kept], np.int64),
            labels=label,
            class_names=folders.classes,
            licence=self.licence,
            source=f"images of {place.name}",
            fingerprint=content_hash({**decoded.facts, "order": [names[row] for row in kept]}),
            official_parts={
                name: np.flatnonzero(part == number)
                for number, name in enumerate(folders.files)
                if name != WHOLE
            },
        )
