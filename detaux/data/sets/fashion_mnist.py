"""Fashion-MNIST: small grey photographs of ten kinds of clothes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.official.file import OfficialFile
from detaux.data.official.idx import read_idx
from detaux.data.official.labelled import Batch, LabelledFacts, check_labels, open_labelled
from detaux.data.official.places import check_places, folder_places
from detaux.data.registries import datasets

_PIXELS = 28
_PREFIX = "fashion-mnist-"  # in the cache folder: MNIST's own files have the same published names
_FOLDERS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
_FACTS = LabelledFacts(
    name="fashion_mnist",
    class_names={
        "class": (
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        )
    },
    num_images={"train": 60_000, "test": 10_000},
    licence="MIT",
    source="Xiao, Rasul and Vollgraf 2017, Fashion-MNIST, github.com/zalandoresearch/fashion-mnist",
)


def _file(name: str, size: int, sha256: str) -> OfficialFile:
    urls = tuple(folder + name for folder in _FOLDERS)
    return OfficialFile(name=_PREFIX + name, urls=urls, algorithm="sha256", digest=sha256, size=size)


_FILES = {
    "train": (
        _file(
            "train-images-idx3-ubyte.gz",
            26_421_880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        _file(
            "train-labels-idx1-ubyte.gz",
            29_515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
    ),
    "test": (
        _file(
            "t10k-images-idx3-ubyte.gz",
            4_422_102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        ),
        _file(
            "t10k-labels-idx1-ubyte.gz",
            5_148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
}
"""Images and labels of each official part."""


@datasets.register(
    "fashion_mnist",
    summary="Fashion-MNIST, 70,000 grey photographs of clothes of 28 px in 10 classes, from the official files",
    source=_FACTS.source,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class FashionMnist:
    """Options of Fashion-MNIST.

    Raises:
        ValueError: If `image_size` is below 1.
    """

    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

    image_size: int = _PIXELS
    """Rows and columns; the originals have 28, others are resized by bilinear interpolation."""
    path: str | None = None
    """Of a folder of the four official files, as published, such as torchvision's FashionMNIST/raw; without it, they
    are looked for in the cache folder."""

    def __post_init__(self) -> None:
        if self.image_size < 1:
            raise ValueError(f"image_size must be at least 1, found {self.image_size}")

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the files that these options need."""
        return tuple(file for pair in _FILES.values() for file in pair)

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
    """Check all files, then read one part after the other."""
    check_places(places)
    start = 0
    for part, (image_file, label_file) in _FILES.items():
        count = _FACTS.num_images[part]
        images = read_idx(places[image_file], image_file, (count, _PIXELS, _PIXELS))
        labels = read_idx(places[label_file], label_file, (count,))
        check_labels(places[label_file], label_file, labels, range(len(_FACTS.class_names["class"])))
        yield Batch(start, images[..., None], labels[:, None])
        start += count
