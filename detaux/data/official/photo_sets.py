"""Sets of labelled photographs in official archives: decoded once to squares of one size, and cached."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from detaux.core.hashing import file_hash
from detaux.core.progress import Progress
from detaux.data.cache import ArrayWriter, cached_array
from detaux.data.labelled import LabelledImages
from detaux.data.official.file import OfficialFile
from detaux.data.official.photo_archives import PhotoArchive
from detaux.data.official.published import PublishedFacts

_DECODER_VERSION = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoFacts(PublishedFacts):
    """What is known of a set of photographs of any size, whose archives name the classes."""

    num_classes: Mapping[str, int]
    """Of each factor."""


class Photo(NamedTuple):
    """A photograph and its classes."""

    archive: PhotoArchive
    member: str
    """Name in the archive."""
    labels: tuple[int, ...]
    """One of each factor, from 0."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoLists:
    """What the lists in a set's archives say."""

    archive: PhotoArchive
    """Which holds the lists, for errors."""
    class_names: Mapping[str, Sequence[str]]
    """Of each factor."""
    parts: Mapping[str, Sequence[Photo]]
    """Photographs of each official part."""


def open_photos(
    facts: PhotoFacts,
    files: Sequence[OfficialFile],
    image_size: int,
    read: Callable[[], PhotoLists],
    progress: Progress,
    *,
    unchecked: Path | None = None,
) -> LabelledImages:
    """Open a published set of photographs, decoding its archives first where that has not been done.

    One photograph is in memory at a time.

    Args:
        facts: Of the set.
        files: Which it is made from; needed no longer once they have been decoded.
        image_size: Rows and columns; a photograph's shorter side is resized to it, and the centre cropped.
        read: Checks the files and reads the lists in them.
        progress: Hears of the decoding.
        unchecked: Folder of photographs that no digest tells from others: they are decoded once for each folder, and
            their pixels are part of the fingerprint.

    Raises:
        DataError: If the lists are not of the set that is known, a photograph is missing or damaged, or the cache
            cannot be written; errors of `read` pass through.
    """
    content: dict[str, Any] = {
        "files": [file.identity for file in files],
        "image_size": image_size,
        "decoder_version": _DECODER_VERSION,
    }
    if unchecked is not None:
        content["unchecked"] = str(unchecked)
    entry = cached_array(facts.name, content, lambda path: _decode(facts, path, image_size, read(), progress))
    if unchecked is not None:
        content["unchecked"] = entry.notes["array"]
    labels = np.array(entry.notes["labels"], dtype=np.int64)
    class_names = {factor: tuple(names) for factor, names in entry.notes["class_names"].items()}
    return facts.data_set(entry.array, labels, class_names, content)


def _decode(
    facts: PhotoFacts, path: Path, size: int, lists: PhotoLists, progress: Progress
) -> Mapping[str, Any]:
    """Write the photographs, part by part, and note their labels and the names of the classes."""
    _check(facts, lists)
    photos = [photo for part in facts.num_images for photo in lists.parts[part]]
    rows = _rows_by_archive(photos, lists)
    done = 0
    with ArrayWriter(path, (len(photos), size, size, 3)) as writer:
        for archive, row_of in rows.items():
            for member, image in archive.decode(row_of, size):
                writer.put(row_of[member], image[None])
                done += 1
                progress(min(done / len(photos), 1.0), f"decoding {len(photos)} photographs of {facts.name}")
    class_names = {factor: list(lists.class_names[factor]) for factor in facts.num_classes}
    labels = [photo.labels for photo in photos]
    return {"labels": labels, "class_names": class_names, "array": file_hash(path)}


def _check(facts: PhotoFacts, lists: PhotoLists) -> None:
    counts = {f"images for {part}": (len(lists.parts[part]), size) for part, size in facts.num_images.items()}
    for factor, size in facts.num_classes.items():
        counts[f"names of {factor}"] = (len(lists.class_names[factor]), size)
    for what, (found, expected) in counts.items():
        if found != expected:
            raise lists.archive.refusal(f"lists {found:,} {what}, where {expected:,} are expected")


def _rows_by_archive(photos: Sequence[Photo], lists: PhotoLists) -> dict[PhotoArchive, dict[str, int]]:
    """Look up the row of each member of each archive."""
    rows: dict[PhotoArchive, dict[str, int]] = {}
    for row, photo in enumerate(photos):
        row_of = rows.setdefault(photo.archive, {})
        if photo.member in row_of:
            raise lists.archive.refusal(f"lists the image {photo.member} twice")
        row_of[photo.member] = row
    return rows
