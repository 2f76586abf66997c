"""SVHN: photographs of house numbers, cropped to one digit each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.official.file import OfficialFile
from detaux.data.official.labelled import Batch, LabelledFacts, open_labelled
from detaux.data.official.places import check_places, folder_places
from detaux.data.official.svhn import SVHN_PIXELS, read_svhn
from detaux.data.registries import datasets

_PREFIX = "svhn-"  # in the cache folder: the published names say little
_FACTS = LabelledFacts(
    name="svhn",
    class_names={"class": tuple(str(digit) for digit in range(10))},
    num_images={"train": 73_257, "test": 26_032},
    licence="for non-commercial use only",
    source="Netzer et al. 2011, Reading Digits in Natural Images with Unsupervised Feature Learning, "
    "ufldl.stanford.edu/housenumbers",
)


def _file(name: str, size: int, sha256: str) -> OfficialFile:
    urls = (f"http://ufldl.stanford.edu/housenumbers/{name}",)
    return OfficialFile(name=_PREFIX + name, urls=urls, algorithm="sha256", digest=sha256, size=size)


_FILES = {
    "train": _file(
        "train_32x32.mat",
        182_040_794,
        "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8",
    ),
    "test": _file(
        "test_32x32.mat", 64_275_384, "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b"
    ),
}


@datasets.register(
    "svhn",
    summary="SVHN, 99,289 colour photographs of house numbers' digits of 32 px, from the official files",
    source=_FACTS.source,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Svhn:
    """Options of SVHN, cropped digits, train and test; the further 531,131 easier ones, `extra`, are left out.

    Raises:
        ValueError: If `image_size` is below 1.
    """

    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

    image_size: int = SVHN_PIXELS
    """Rows and columns; the originals have 32, others are resized by bilinear interpolation."""
    path: str | None = None
    """Of a folder of the official train_32x32.mat and test_32x32.mat; without it, they are looked for in the cache
    folder."""

    def __post_init__(self) -> None:
        if self.image_size < 1:
            raise ValueError(f"image_size must be at least 1, found {self.image_size}")

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the files that these options need."""
        return tuple(_FILES.values())

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set, train images first, converting the files if that has not been done.

        Raises:
            DataError: If the files are needed, and one is missing, damaged or another file.
        """
        places = folder_places(self.official_files(), self.path, _PREFIX)
        return open_labelled(
            _FACTS,
            self.official_files(),
            self.image_size,
            lambda: _batches(places),
            progress or Announcer(),
        )


def _batches(places: Mapping[OfficialFile, Path]) -> Iterator[Batch]:
    """Check both files, then read one after the other."""
    check_places(places)
    start = 0
    for part, file in _FILES.items():
        count = _FACTS.num_images[part]
        images, labels = read_svhn(places[file], file, count)
        yield Batch(start, images, labels[:, None])
        start += count
