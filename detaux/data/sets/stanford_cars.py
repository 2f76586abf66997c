"""Stanford Cars: photographs of cars of 196 makes, models and years."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from detaux.core.paths import cache_dir
from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.files.open_source import user_path
from detaux.data.official.file import OfficialFile
from detaux.data.official.labelled import check_labels
from detaux.data.official.photo_archives import PhotoArchive, whole_numbers
from detaux.data.official.photo_matlab import read_fields, read_matlab
from detaux.data.official.photo_sets import Photo, PhotoFacts, PhotoLists, open_photos
from detaux.data.official.places import check_places
from detaux.data.registries import datasets

_FACTS = PhotoFacts(
    name="stanford_cars",
    num_classes={"class": 196},
    num_images={"train": 8144, "test": 8041},
    licence="none known; its authors ask to be cited",
    source="Krause et al. 2013, 3D Object Representations for Fine-Grained Categorization",
)
_TRAIN_LIST, _NAMES = "devkit/cars_train_annos.mat", "devkit/cars_meta.mat"


def _file(place: str, name: str, md5: str, size: int | None = None) -> OfficialFile:
    return OfficialFile(
        name=name,
        urls=(f"https://ai.stanford.edu/~jkrause/{place}/{name}",),
        algorithm="md5",
        digest=md5,
        size=size,
        instead="as that address is dead, get the same file from where people keep it "
        "(github.com/pytorch/vision/issues/7545 names places)",
    )


_KIT = _file("cars", "car_devkit.tgz", "c3b158d763b6e2245038c8ad08e45376")
_TEST_LIST = _file("car196", "cars_test_annos_withlabels.mat", "b0a2b23655a3edd16d84508592a98d10")
_IMAGES = {
    "train": _file("car196", "cars_train.tgz", "065e5b463ae28d29e77c1b4b166cfe61", 979_269_282),
    "test": _file("car196", "cars_test.tgz", "4ce7ebf6a94d07f1952d94dd34c4d501", 977_350_468),
}
"""Digests as torchvision recorded them, until its 0.17."""


@datasets.register(
    "stanford_cars",
    summary="Stanford Cars, 16,185 photographs of cars of 196 models, from the user's own official files",
    source=_FACTS.source,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class StanfordCars:
    """Options of Stanford Cars, whose official address is dead: its files are to be had from those who kept them.

    Raises:
        ValueError: If `image_size` is below 1.
    """

    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

    image_size: int = 64
    """Rows and columns; photographs are resized by their shorter side and cropped to the centre square."""
    path: str | None = None
    """Of a folder, such as torchvision's `stanford_cars`, of the official car_devkit.tgz, cars_train.tgz,
    cars_test.tgz and cars_test_annos_withlabels.mat; without it, they are looked for in the cache folder."""
    unpacked: bool = False
    """Whether to read photographs from the folders `cars_train` and `cars_test` beside the two other files, rather
    than from their archives; no digest says then whether they are the published ones."""

    def __post_init__(self) -> None:
        if self.image_size < 1:
            raise ValueError(f"image_size must be at least 1, found {self.image_size}")

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the files that these options need."""
        return (_KIT, _TEST_LIST) if self.unpacked else (_KIT, _TEST_LIST, *_IMAGES.values())

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set, train images first, decoding the files if that has not been done.

        Raises:
            DataError: If the files are needed, and one is missing, damaged or another file.
        """
        progress = progress or Announcer()
        folder = cache_dir() if self.path is None else user_path(self.path)
        return open_photos(
            _FACTS,
            self.official_files(),
            self.image_size,
            lambda: self._lists(folder, progress),
            progress,
            unchecked=folder if self.unpacked else None,
        )

    def _lists(self, folder: Path, progress: Progress) -> PhotoLists:
        """Check the files, then read the lists."""
        check_places({file: folder / file.name for file in self.official_files()}, progress)
        kit, test = (PhotoArchive(folder / file.name, file) for file in (_KIT, _TEST_LIST))
        lists = kit.read((_TRAIN_LIST, _NAMES))
        names = [str(name) for name in read_matlab(kit, _NAMES, lists[_NAMES], "class_names")]
        images = {
            part: PhotoArchive(folder if self.unpacked else folder / file.name, file)
            for part, file in _IMAGES.items()
        }
        parts = {
            "train": _photos(kit, _TRAIN_LIST, lists[_TRAIN_LIST], images["train"], "cars_train"),
            "test": _photos(test, _TEST_LIST.name, test.path.read_bytes(), images["test"], "cars_test"),
        }
        return PhotoLists(archive=kit, class_names={"class": names}, parts=parts)


def _photos(
    archive: PhotoArchive, member: str, content: bytes, images: PhotoArchive, home: str
) -> list[Photo]:
    """Read the list of one part, whose classes are numbered from 1."""
    rows = read_fields(archive, member, content, "annotations", ("fname", "class"))
    labels = whole_numbers(archive, member, (label for _, label in rows))
    check_labels(archive.path, archive.file, labels, range(1, _FACTS.num_classes["class"] + 1))
    pairs = zip(rows, (labels - 1).tolist(), strict=True)
    return [Photo(images, f"{home}/{name}", (label,)) for (name, _), label in pairs]
