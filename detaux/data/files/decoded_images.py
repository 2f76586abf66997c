"""Image files of a folder or archive, decoded once into one cached array."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.hashing import content_hash
from detaux.core.progress import Progress
from detaux.data.cache import ArrayWriter, cached_array
from detaux.data.files.decoding import decode_image
from detaux.data.files.image_source import DamagedImageError, ImageSource

_DECODER_VERSION = 3

Damage = tuple[int, str, str]
"""Row, name, and what is wrong with an image, as the note `damaged` lists them by row."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoding:
    """How image files become squares of one size, and what becomes of a damaged one.

    Raises:
        ValueError: If `image_size` is below 1, or `on_error` unknown.
    """

    place: str
    """Where the files are, for progress and error texts."""
    image_size: int
    """Rows and columns."""
    on_error: Literal["stop", "skip"] | None = None
    """Stop at a damaged image or note it and go on; None stops, for a set without such an option."""

    def __post_init__(self) -> None:
        if self.image_size < 1:
            raise ValueError(f"image_size must be at least 1, found {self.image_size}")
        if self.on_error not in {"stop", "skip", None}:
            raise ValueError(f"on_error must be 'stop' or 'skip', found {self.on_error!r}")

    def facts(self, source: ImageSource, wanted: Callable[[str], bool], progress: Progress) -> dict[str, Any]:
        """Return what the decoded wanted files depend on.

        Raises:
            DataError: If a file cannot be read.
        """
        return {
            "content": source.content_hash(wanted, progress),
            "image_size": self.image_size,
            "decoder_version": _DECODER_VERSION,
        }

    def write(
        self, source: ImageSource, names: Collection[str], path: Path, progress: Progress
    ) -> list[Damage]:
        """Decode files into one array at `path`, uint8, (N, image_size, image_size, 3), one image at a time.

        Args:
            source: Where the files are.
            names: Of the files, in the order of the rows.
            path: Of the `.npy` file to write.
            progress: Hears of each image.

        Returns:
            The damaged ones; their rows are 0.

        Raises:
            DataError: If an image is damaged, unless damaged ones are skipped.
        """
        row_of = {name: row for row, name in enumerate(names)}
        damaged: list[Damage] = []
        with ArrayWriter(path, (len(row_of), self.image_size, self.image_size, 3)) as writer:
            for done, (name, content) in enumerate(source.read(row_of), start=1):
                try:
                    writer.put(row_of[name], self._image(content)[None])
                except DamagedImageError as damage:
                    if self.on_error != "skip":
                        raise self._fault(name, str(damage)) from damage
                    damaged.append((row_of[name], name, str(damage)))
                progress(done / len(row_of), f"decoding {len(row_of)} images of {self.place}")
        return sorted(damaged)

    def check(self, damaged: Iterable[Damage]) -> None:
        """Check that no image is damaged, unless damaged ones are skipped.

        Raises:
            DataError: If one is; the text names the first.
        """
        for _, name, damage in damaged:
            if self.on_error != "skip":
                raise self._fault(name, damage)

    def _image(self, content: bytes | DamagedImageError) -> NDArray[np.uint8]:
        if isinstance(content, DamagedImageError):
            raise content
        return decode_image(content, self.image_size)

    def _fault(self, name: str, damage: str) -> DataError:
        or_skip = "" if self.on_error is None else ", or set on_error to 'skip'"
        return DataError(f"{self.place}: the image {name} {damage}{or_skip}")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DecodedImages:
    """Named images as one array."""

    pixels: NDArray[np.uint8]
    """Shape (N, H, W, 3), memory-mapped, by sorted name."""
    row_of: Mapping[str, int]
    """Row of each name."""
    damaged: Mapping[str, str]
    """What is wrong with each damaged image, whose row is 0, by name."""
    facts: Mapping[str, Any]
    """All that the array depends on."""


def open_decoded(
    kind: str, decoding: Decoding, source: ImageSource, names: Iterable[str], progress: Progress
) -> DecodedImages:
    """Open the named files of a source as one array, decoding them first if that has not been done.

    Args:
        kind: Folder of such entries in the cache.
        decoding: How to.
        source: Where the files are.
        names: Which files of it; their order does not matter.
        progress: Hears of reading and decoding.

    Raises:
        DataError: If a file cannot be read, or an image is damaged, unless damaged ones are skipped.
    """
    row_of = {name: row for row, name in enumerate(sorted(names))}
    facts = decoding.facts(source, row_of.__contains__, progress) | {"names": content_hash(list(row_of))}
    entry = cached_array(
        kind, facts, lambda path: {"damaged": decoding.write(source, row_of, path, progress)}
    )
    decoding.check(entry.notes["damaged"])
    damaged = {name: damage for _, name, damage in entry.notes["damaged"]}
    return DecodedImages(pixels=entry.array, row_of=row_of, damaged=damaged, facts=facts)
