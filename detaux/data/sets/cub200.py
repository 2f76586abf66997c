"""CUB-200-2011: photographs of birds of two hundred species."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.official.file import OfficialFile, check_official
from detaux.data.official.labelled import check_labels
from detaux.data.official.photo_archives import PhotoArchive, read_tables, whole_numbers
from detaux.data.official.photo_sets import Photo, PhotoFacts, PhotoLists, open_photos
from detaux.data.official.places import file_place
from detaux.data.registries import datasets

_FACTS = PhotoFacts(
    name="cub200",
    num_classes={"class": 200},
    num_images={"train": 5994, "test": 5794},
    licence="for non-commercial research and education only",
    source="Wah et al. 2011, The Caltech-UCSD Birds-200-2011 Dataset, data.caltech.edu/records/65de6-vp158",
)
_FILE = OfficialFile(
    name="CUB_200_2011.tgz",
    urls=(
        "https://data.caltech.edu/records/65de6-vp158/files/CUB_200_2011.tgz?download=1",
        "https://s3.amazonaws.com/fast-ai-imageclas/CUB_200_2011.tgz",
    ),
    algorithm="sha256",
    digest="0c685df5597a8b24909f6a7c9db6d11e008733779a671760afef78feb49bf081",
    size=1_150_585_339,
)
_ROOT = "CUB_200_2011"
_IMAGES, _LABELS, _PARTS, _CLASSES = (
    f"{_ROOT}/{name}.txt" for name in ("images", "image_class_labels", "train_test_split", "classes")
)


@datasets.register(
    "cub200",
    summary="CUB-200-2011, 11,788 photographs of birds of 200 species, from the official archive",
    source=_FACTS.source,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Cub200:
    """Options of CUB-200-2011, whose factor `class` is the species.

    Raises:
        ValueError: If `image_size` is below 1.
    """

    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

    image_size: int = 64
    """Rows and columns; photographs are resized by their shorter side and cropped to the centre square."""
    path: str | None = None
    """Of the official CUB_200_2011.tgz; without it, the file is looked for in the cache folder."""

    def __post_init__(self) -> None:
        if self.image_size < 1:
            raise ValueError(f"image_size must be at least 1, found {self.image_size}")

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the files that these options need."""
        return (_FILE,)

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set, train images first, decoding the archive if that has not been done.

        Raises:
            DataError: If the archive is needed, and missing, damaged or another file.
        """
        progress = progress or Announcer()
        path = file_place(_FILE, self.path)
        return open_photos(
            _FACTS, self.official_files(), self.image_size, lambda: _lists(path, progress), progress
        )


def _lists(path: Path, progress: Progress) -> PhotoLists:
    """Check the archive and read its lists, which tell an image by its number, in the first word of a line."""
    check_official(path, _FILE, progress)
    archive = PhotoArchive(path, _FILE)
    tables = read_tables(archive, dict.fromkeys((_IMAGES, _LABELS, _PARTS, _CLASSES), 2))
    names, labels, in_train = (dict(tables[list_name]) for list_name in (_IMAGES, _LABELS, _PARTS))
    _check_same_images(archive, {_IMAGES: names, _LABELS: labels, _PARTS: in_train})
    folders = [folder for _, folder in tables[_CLASSES]]
    numbers = whole_numbers(archive, _LABELS, labels.values())
    check_labels(path, _FILE, numbers, range(1, len(folders) + 1))
    label_of = dict(zip(labels, (numbers - 1).tolist(), strict=True))
    parts: dict[str, list[Photo]] = {"train": [], "test": []}
    for image, name in names.items():
        label = label_of[image]
        if not name.startswith(f"{folders[label]}/"):
            raise archive.refusal(f"lists the image {name} under the class {folders[label]}")
        photo = Photo(archive, f"{_ROOT}/images/{name}", (label,))
        parts["train" if in_train[image] == "1" else "test"].append(photo)
    class_names = [folder.partition(".")[2] for folder in folders]
    return PhotoLists(archive=archive, class_names={"class": class_names}, parts=parts)


def _check_same_images(archive: PhotoArchive, lists: dict[str, dict[str, str]]) -> None:
    """Check that each list has every image that another has."""
    every = {image for images in lists.values() for image in images}
    for member, images in lists.items():
        missing = every - images.keys()
        if missing:
            raise archive.refusal(f"holds the list {member} without the image number {min(missing)}")
