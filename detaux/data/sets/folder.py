"""Any folder of images, one folder a class, or an archive of one."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from detaux.core.errors import DataError
from detaux.core.hashing import content_hash
from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.cache import ArrayWriter, CacheEntry, cached_array
from detaux.data.class_folders import WHOLE, find_classes, is_image
from detaux.data.dataset import Dataset
from detaux.data.image_source import ImageSource, open_source
from detaux.data.labelled import LabelledImages
from detaux.data.registries import datasets

_DECODER_VERSION = 1
_ARCHIVE_ENDING = re.compile(r"(\.zip|\.tar(\.\w+)?|\.t[gxb]z2?)$", re.IGNORECASE)
_UNDECODABLE = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)


@datasets.register(
    "folder",
    summary="any folder or archive of images: train/<class>/ and test/<class>/, or <class>/",
    source="the user's own files; decoded with Pillow",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class ImageFolder:
    """Options of a folder of images.

    Images are decoded once, resized by their shorter side, cropped to the centre square, and cached. Their order is
    by part, class and name.

    Raises:
        ValueError: If `image_size` is below 1, or `on_error` unknown.
    """

    path: str
    """A folder, or a `.zip` or `.tar` file of one, of any compression."""
    image_size: int = 32
    """Rows and columns."""
    on_error: Literal["stop", "skip"] = "stop"
    """What to do at an image that cannot be decoded: stop and name it, or leave it out."""

    def __post_init__(self) -> None:
        if self.image_size < 1:
            raise ValueError(f"image_size must be at least 1, found {self.image_size}")
        if self.on_error not in {"stop", "skip"}:
            raise ValueError(f"on_error must be 'stop' or 'skip', found {self.on_error!r}")

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        Raises:
            DataError: If the folder or archive is missing, damaged, dangerous, or not laid out by class, or an
                image cannot be decoded and `on_error` is `stop`.
        """
        progress = progress or Announcer()
        place = Path(self.path).expanduser().resolve()
        source = open_source(place)
        facts = {
            "content": source.content_hash(is_image, progress),
            "image_size": self.image_size,
            "decoder_version": _DECODER_VERSION,
        }
        entry = cached_array("folder", facts, lambda path: self._decode(source, path, progress))
        if self.on_error == "stop" and entry.notes["corrupt"]:
            raise self._corrupt(entry.notes["corrupt"][0][1])
        return self._dataset(place, entry, facts)

    def _decode(self, source: ImageSource, path: Path, progress: Progress) -> Mapping[str, Any]:
        """Decode all images into one array, and note the classes and what could not be decoded."""
        folders = find_classes(source.names(), place=self.path)
        row_of = {name: row for row, name in enumerate(folders.ordered())}
        corrupt: list[tuple[int, str]] = []
        with ArrayWriter(path, (len(row_of), self.image_size, self.image_size, 3)) as writer:
            for done, (name, content) in enumerate(source.read(row_of), start=1):
                try:
                    image = decode_image(content, self.image_size)
                except _UNDECODABLE as error:
                    if self.on_error == "stop":
                        raise self._corrupt(name) from error
                    corrupt.append((row_of[name], name))
                else:
                    writer.put(row_of[name], image[None])
                progress(done / len(row_of), f"decoding {len(row_of)} images of {self.path}")
        return {"classes": folders.classes, "counts": folders.counts(), "corrupt": sorted(corrupt)}

    def _corrupt(self, name: str) -> DataError:
        return DataError(
            f"{self.path}: the image {name} cannot be decoded; mend it, or set on_error to 'skip'"
        )

    def _dataset(self, place: Path, entry: CacheEntry, facts: Mapping[str, Any]) -> Dataset:
        counts: Mapping[str, list[int]] = entry.notes["counts"]
        corrupt = np.array([row for row, _ in entry.notes["corrupt"]], dtype=np.int64)
        rows = np.setdiff1d(np.arange(len(entry.array)), corrupt)
        labels = np.concatenate(
            [np.repeat(np.arange(len(by_class)), by_class) for by_class in counts.values()]
        )
        parts = np.repeat(np.arange(len(counts)), [sum(by_class) for by_class in counts.values()])[rows]
        official = {
            part: np.flatnonzero(parts == place) for place, part in enumerate(counts) if part != WHOLE
        }
        return LabelledImages(
            name=f"folder:{_ARCHIVE_ENDING.sub('', place.name)}",
            pixels=entry.array,
            rows=rows,
            labels=labels[rows],
            class_names=tuple(entry.notes["classes"]),
            licence="as the files' owner says",
            source=f"images of {place.name}",
            fingerprint=content_hash({**facts, "skipped": corrupt.tolist()}),
            official_parts=official,
        )


def decode_image(content: bytes, size: int) -> NDArray[np.uint8]:
    """Decode an image file, resize its shorter side to `size` and crop the centre.

    Returns:
        Shape (size, size, 3), uint8.
    """
    with Image.open(io.BytesIO(content)) as image:
        square = ImageOps.fit(image.convert("RGB"), (size, size), Image.Resampling.BILINEAR)
    return np.asarray(square)
