"""Labelled images made from official files, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from detaux.core.progress import Progress
from detaux.data.cache import ArrayWriter, cached_array
from detaux.data.labelled import LabelledImages
from detaux.data.official.file import OfficialFile, refusal
from detaux.data.official.published import PublishedFacts

_CONVERTER_VERSION = 1
_PIECE_IMAGES = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledFacts(PublishedFacts):
    """What is known of a set whose files hold the images themselves, all of one size."""

    class_names: Mapping[str, tuple[str, ...]]
    """Of each factor."""


class Batch(NamedTuple):
    """Consecutive images of a data set."""

    start: int
    """Number of the first."""
    images: NDArray[np.uint8]
    """Shape (n, H, W, 3), or (n, H, W, 1) of grey ones."""
    labels: NDArray[np.integer[Any]]
    """Shape (n, F)."""


def open_labelled(
    facts: LabelledFacts,
    files: Sequence[OfficialFile],
    image_size: int,
    read: Callable[[], Iterable[Batch]],
    progress: Progress,
) -> LabelledImages:
    """Open a published set of labelled images, converting its files first where that has not been done.

    Args:
        facts: Of the set.
        files: Which it is made from; needed no longer once they have been converted.
        image_size: Rows and columns; images of another size are resized by bilinear interpolation.
        read: Checks and reads the files; every image is in one batch, batches come in any order.
        progress: Hears of the conversion.

    Raises:
        DataError: If the cache cannot be written; errors of `read` pass through.
    """
    content = {
        "files": [file.identity for file in files],
        "image_size": image_size,
        "converter_version": _CONVERTER_VERSION,
    }
    entry = cached_array(
        facts.name, content, lambda path: _convert(facts, path, image_size, read(), progress)
    )
    labels = np.array(entry.notes["labels"], dtype=np.int64).T
    return facts.data_set(entry.array, labels, facts.class_names, content)


def check_labels(path: Path, file: OfficialFile, labels: NDArray[np.integer[Any]], allowed: range) -> None:
    """Check that labels of one kind, shape (n,), read from an official file, are in range.

    Raises:
        DataError: If one is not; the text gives it.
    """
    outside = labels[(labels < allowed.start) | (labels >= allowed.stop)]
    if len(outside):
        expected = f"where {allowed.start} to {allowed.stop - 1} are expected"
        raise refusal(path, file, f"holds the label {outside[0]}, {expected}")


def _convert(
    facts: LabelledFacts, path: Path, image_size: int, batches: Iterable[Batch], progress: Progress
) -> Mapping[str, Any]:
    """Write the images, in pieces, and note their labels: one list a factor."""
    labels = np.zeros((facts.total_images, len(facts.class_names)), dtype=np.int64)
    done = 0
    with ArrayWriter(path, (facts.total_images, image_size, image_size, 3)) as writer:
        for batch in batches:
            labels[batch.start : batch.start + len(batch.labels)] = batch.labels
            for first in range(0, len(batch.images), _PIECE_IMAGES):
                piece = batch.images[first : first + _PIECE_IMAGES]
                writer.put(batch.start + first, _in_colour_of_size(piece, image_size))
                done += len(piece)
                progress(done / facts.total_images, f"converting {facts.name}")
    return {"labels": labels.T.tolist()}


def _in_colour_of_size(images: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Repeat grey over the channels, and resize: shape (n, size, size, 3)."""
    colour = np.broadcast_to(images, (*images.shape[:3], 3))
    if colour.shape[1] == size:
        return colour
    bilinear = Image.Resampling.BILINEAR
    return np.stack([np.asarray(Image.fromarray(image).resize((size, size), bilinear)) for image in colour])
