"""Oxford-IIIT Pet: photographs of cats and dogs of 37 breeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.official.file import OfficialFile
from detaux.data.official.labelled import check_labels
from detaux.data.official.photo_archives import PhotoArchive, read_tables, whole_numbers
from detaux.data.official.photo_sets import Photo, PhotoFacts, PhotoLists, open_photos
from detaux.data.official.places import check_places, folder_places
from detaux.data.registries import datasets

_PREFIX = "oxford_pets_"
_SPECIES = ("cat", "dog")
_FACTS = PhotoFacts(
    name="oxford_pets",
    num_classes={"class": 37, "species": len(_SPECIES)},
    num_images={"train": 3680, "test": 3669},
    licence="CC-BY-SA-4.0",
    source="Parkhi et al. 2012, Cats and Dogs, robots.ox.ac.uk/~vgg/data/pets",
)
_ALL = "annotations/list.txt"
_PARTS = {"train": "annotations/trainval.txt", "test": "annotations/test.txt"}
_COLUMNS = 4  # image, class, species, and number of the breed within its species


def _file(name: str, size: int, sha256: str) -> OfficialFile:
    urls = (
        f"https://www.robots.ox.ac.uk/~vgg/data/pets/data/{name}",
        f"https://thor.robots.ox.ac.uk/pets/{name}",
    )
    return OfficialFile(name=_PREFIX + name, urls=urls, algorithm="sha256", digest=sha256, size=size)


_IMAGES = _file(
    "images.tar.gz", 791_918_971, "67195c5e1c01f1ab5f9b6a5d22b8c27a580d896ece458917e61d459337fa318d"
)
_ANNOTATIONS = _file(
    "annotations.tar.gz", 19_173_078, "52425fb6de5c424942b7626b428656fcbd798db970a937df61750c0f1d358e91"
)


@datasets.register(
    "oxford_pets",
    summary="Oxford-IIIT Pet, 7,349 photographs of cats and dogs of 37 breeds, from the official archives",
    source=_FACTS.source,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class OxfordPets:
    """Options of Oxford-IIIT Pet, whose factors are `class`, the breed, and `species`; trainval is its train part.

    Raises:
        ValueError: If `image_size` is below 1.
    """

    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

    image_size: int = 64
    """Rows and columns; photographs are resized by their shorter side and cropped to the centre square."""
    path: str | None = None
    """Of a folder of the official images.tar.gz and annotations.tar.gz; without it, they are looked for in the cache
    folder."""

    def __post_init__(self) -> None:
        if self.image_size < 1:
            raise ValueError(f"image_size must be at least 1, found {self.image_size}")

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the files that these options need."""
        return _IMAGES, _ANNOTATIONS

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set, train images first, decoding the archives if that has not been done.

        Raises:
            DataError: If the archives are needed, and one is missing, damaged or another file.
        """
        progress = progress or Announcer()
        places = folder_places(self.official_files(), self.path, _PREFIX)
        return open_photos(
            _FACTS, self.official_files(), self.image_size, lambda: _lists(places, progress), progress
        )


def _lists(places: Mapping[OfficialFile, Path], progress: Progress) -> PhotoLists:
    """Check both archives and read the lists."""
    check_places(places, progress)
    images, annotations = (PhotoArchive(places[file], file) for file in (_IMAGES, _ANNOTATIONS))
    tables = read_tables(annotations, dict.fromkeys((_ALL, *_PARTS.values()), _COLUMNS))
    _check_same_lines(annotations, tables)
    parts = {}
    for part, member in _PARTS.items():
        names = [row[0] for row in tables[member]]
        labels = _labels(annotations, member, tables[member])
        parts[part] = [
            Photo(images, f"images/{name}.jpg", (breed, species))
            for name, (breed, species) in zip(names, labels.tolist(), strict=True)
        ]
    class_names = {"class": _breeds(annotations, tables[_ALL]), "species": _SPECIES}
    return PhotoLists(archive=annotations, class_names=class_names, parts=parts)


def _labels(archive: PhotoArchive, member: str, rows: list[list[str]]) -> NDArray[np.int64]:
    """Turn a list's second and third words into classes from 0, shape (n, 2)."""
    columns = [whole_numbers(archive, member, (row[column] for row in rows)) for column in (1, 2)]
    for numbers, size in zip(columns, _FACTS.num_classes.values(), strict=True):
        check_labels(archive.path, archive.file, numbers, range(1, size + 1))
    return np.stack(columns, axis=1) - 1


def _breeds(archive: PhotoArchive, rows: list[list[str]]) -> list[str]:
    """Tell the breeds' names, by number, from those of their images, such as great_pyrenees_12."""
    name_of: dict[int, str] = {}
    for (image, *_), (breed, _) in zip(rows, _labels(archive, _ALL, rows).tolist(), strict=True):
        name = image.rpartition("_")[0]
        if name_of.setdefault(breed, name) != name:
            raise archive.refusal(f"lists the image {image} under the class {name_of[breed]}")
    return [name_of[breed] for breed in sorted(name_of)]


def _check_same_lines(archive: PhotoArchive, tables: dict[str, list[list[str]]]) -> None:
    """Check that the lists of the parts together have the images of the list of all, under the same classes."""
    everything, parted = (
        {tuple(row[:3]) for name in names for row in tables[name]} for names in ((_ALL,), _PARTS.values())
    )
    unlike = everything ^ parted
    if unlike:
        raise archive.refusal(
            f"lists the image {min(unlike)[0]} otherwise in {_ALL} than in the lists of parts"
        )
