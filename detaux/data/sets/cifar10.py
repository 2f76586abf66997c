"""CIFAR-10: small photographs of ten kinds of things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.official.cifar import CifarArchive, open_cifar
from detaux.data.official.file import OfficialFile
from detaux.data.official.labelled import LabelledFacts
from detaux.data.registries import datasets

_FACTS = LabelledFacts(
    name="cifar10",
    class_names={
        "class": (
            "airplane",
            "automobile",
            "bird",
            "cat",
            "deer",
            "dog",
            "frog",
            "horse",
            "ship",
            "truck",
        )
    },
    num_images={"train": 50_000, "test": 10_000},
    licence="none stated; its authors ask to be cited",
    source="Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images, cs.toronto.edu/~kriz/cifar.html",
)
_MEMBERS = (*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin")
_ARCHIVE = CifarArchive(
    file=OfficialFile(
        name="cifar-10-binary.tar.gz",
        urls=("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
        algorithm="sha256",
        digest="c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        size=170_052_171,
    ),
    members={f"cifar-10-batches-bin/{name}": 10_000 for name in _MEMBERS},
    labels=("class",),
)


@datasets.register(
    "cifar10",
    summary="CIFAR-10, 60,000 colour photographs of 32 px in 10 classes, from the official binary archive",
    source=_FACTS.source,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Cifar10:
    """Options of CIFAR-10.

    Raises:
        ValueError: If `image_size` is below 1.
    """

    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

    image_size: int = 32
    """Rows and columns; the originals have 32, others are resized by bilinear interpolation."""
    path: str | None = None
    """Of the official cifar-10-binary.tar.gz; without it, the file is looked for in the cache folder."""

    def __post_init__(self) -> None:
        if self.image_size < 1:
            raise ValueError(f"image_size must be at least 1, found {self.image_size}")

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the files that these options need."""
        return (_ARCHIVE.file,)

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set, train images first, converting the archive if that has not been done.

        Raises:
            DataError: If the archive is needed, and missing, damaged or another file.
        """
        return open_cifar(_FACTS, _ARCHIVE, self.path, self.image_size, progress or Announcer())
