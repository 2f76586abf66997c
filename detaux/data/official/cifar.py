"""The binary versions of CIFAR: archives of records, each some label bytes and three planes of pixels.

They are read rather than the python versions, and rather than through torchvision, because those hold pickles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.files.archive_sources import TarSource
from detaux.data.files.image_source import DamagedImageError
from detaux.data.labelled import LabelledImages
from detaux.data.official.file import OfficialFile, check_official, refusal
from detaux.data.official.labelled import Batch, LabelledFacts, check_labels, open_labelled
from detaux.data.official.places import file_place

_PLANES = (3, 32, 32)
_PIXEL_BYTES = 3 * 32 * 32


@dataclass(frozen=True, kw_only=True, slots=True)
class CifarArchive:
    """A published archive of one of the two sets."""

    file: OfficialFile
    """The archive, a compressed tar file."""
    members: Mapping[str, int]
    """Number of images in each file of it, in the order of the data set."""
    labels: tuple[str, ...]
    """Names of the factors whose labels start a record, one byte each."""


def open_cifar(
    facts: LabelledFacts, archive: CifarArchive, path: str | None, image_size: int, progress: Progress
) -> LabelledImages:
    """Open one of the two sets, converting its archive first where that has not been done; see `open_labelled`.

    Args:
        facts: Of the set; its factors are in the order that labels are wanted.
        archive: What the archive must be; it is read without unpacking it to disk.
        path: Of the user's own archive; None for the one in the cache folder.
        image_size: Rows and columns.
        progress: Hears of the conversion.

    Raises:
        DataError: If the archive is needed, and missing, of another content, lacks a member, has one twice or one of
            another size, or a label is out of range; or it holds a link, or a member whose name leads out of it.
    """
    place = file_place(archive.file, path)
    return open_labelled(
        facts, (archive.file,), image_size, lambda: _batches(place, archive, facts.class_names), progress
    )


def _batches(
    path: Path, archive: CifarArchive, class_names: Mapping[str, tuple[str, ...]]
) -> Iterator[Batch]:
    """Check the archive, then read a batch of each member."""
    check_official(path, archive.file)
    ends = np.cumsum(list(archive.members.values())).tolist()
    end_of = dict(zip(archive.members, ends, strict=True))
    columns = [archive.labels.index(factor) for factor in class_names]
    missing = set(archive.members)
    for name, content in TarSource(path).read(archive.members):
        if name not in missing:
            raise refusal(path, archive.file, f"holds the member {name} twice")
        missing.remove(name)
        records = _records(path, archive, name, content)
        labels = records[:, columns]
        for column, names in zip(labels.T, class_names.values(), strict=True):
            check_labels(path, archive.file, column, range(len(names)))
        planes = records[:, len(archive.labels) :].reshape(-1, *_PLANES)
        yield Batch(end_of[name] - len(records), planes.transpose(0, 2, 3, 1), labels)
    if missing:
        raise refusal(path, archive.file, f"holds no member {min(missing)}")


def _records(
    path: Path, archive: CifarArchive, name: str, content: bytes | DamagedImageError
) -> NDArray[np.uint8]:
    """Part a member into records: shape (n, bytes of a record)."""
    if isinstance(content, DamagedImageError):
        raise refusal(path, archive.file, f"holds the member {name}, which {content}")
    record_bytes = len(archive.labels) + _PIXEL_BYTES
    num_bytes = archive.members[name] * record_bytes
    if len(content) != num_bytes:
        found = f"holds the member {name} of {len(content):,} bytes, where {num_bytes:,} are expected"
        raise refusal(path, archive.file, found)
    return np.frombuffer(content, np.uint8).reshape(-1, record_bytes)
