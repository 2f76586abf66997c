"""Imagewoof: ImageNet's photographs of dogs of ten breeds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar, Literal

from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.files.archive_sources import TarSource
from detaux.data.files.image_formats import is_image
from detaux.data.official.file import OfficialFile, check_official
from detaux.data.official.photo_archives import PhotoArchive
from detaux.data.official.photo_sets import Photo, PhotoFacts, PhotoLists, open_photos
from detaux.data.official.places import file_place
from detaux.data.registries import datasets

_SOURCE = "Howard 2019, Imagewoof, a subset of ImageNet, github.com/fastai/imagenette"
_NUM_IMAGES = {"train": 9025, "test": 3929}
_PARTS = {"train": "train", "val": "test"}
_DEPTH = 4  # version, part, class and file
_BREEDS = {
    "n02086240": "Shih-Tzu",
    "n02087394": "Rhodesian ridgeback",
    "n02088364": "beagle",
    "n02089973": "English foxhound",
    "n02093754": "Border terrier",
    "n02096294": "Australian terrier",
    "n02099601": "golden retriever",
    "n02105641": "Old English sheepdog",
    "n02111889": "Samoyed",
    "n02115641": "dingo",
}


def _file(version: str, md5: str) -> OfficialFile:
    url = f"https://s3.amazonaws.com/fast-ai-imageclas/{version}.tgz"
    return OfficialFile(name=f"{version}.tgz", urls=(url,), algorithm="md5", digest=md5, size=None)


_FILES = {
    "imagewoof2-160": _file("imagewoof2-160", "fcd23cc7dfce8837c95a8f9d63a128b7"),
    "imagewoof2-320": _file("imagewoof2-320", "af65be7963816efa949fa3c3b4947740"),
}
"""By version; digests as Catalyst records them."""


@datasets.register(
    "imagewoof",
    summary="Imagewoof, 12,954 photographs of dogs of 10 breeds, from the official archives",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Imagewoof:
    """Options of Imagewoof in its second division, whose validation images are the official test part here.

    Raises:
        ValueError: If `version` is unknown, or `image_size` is below 1.
    """

    licence: ClassVar[str] = (
        "Apache-2.0 for the selection; the photographs as ImageNet's, for non-commercial research"
    )
    num_images: ClassVar[int | None] = sum(_NUM_IMAGES.values())

    version: Literal["imagewoof2-160", "imagewoof2-320"] = "imagewoof2-160"
    """Photographs whose shorter side its makers resized to 160 or to 320 px."""
    image_size: int = 64
    """Rows and columns; photographs are resized by their shorter side and cropped to the centre square."""
    path: str | None = None
    """Of the version's official tgz; without it, the file is looked for in the cache folder."""

    def __post_init__(self) -> None:
        if self.version not in _FILES:
            raise ValueError(f"version must be one of {', '.join(_FILES)}, found {self.version!r}")
        if self.image_size < 1:
            raise ValueError(f"image_size must be at least 1, found {self.image_size}")

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the one file of this version."""
        return (_FILES[self.version],)

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set, train images first, decoding the archive if that has not been done.

        Raises:
            DataError: If the archive is needed, and missing, damaged or another file.
        """
        progress = progress or Announcer()
        (file,) = self.official_files()
        path = file_place(file, self.path)
        facts = PhotoFacts(
            name=self.version,
            num_classes={"class": len(_BREEDS)},
            num_images=_NUM_IMAGES,
            licence=self.licence,
            source=_SOURCE,
        )
        return open_photos(
            facts,
            self.official_files(),
            self.image_size,
            lambda: _lists(PhotoArchive(path, file), self.version, progress),
            progress,
        )


def _lists(archive: PhotoArchive, version: str, progress: Progress) -> PhotoLists:
    """Check the archive and tell parts and classes from names: <version>/<train or val>/<WordNet id>/<image>."""
    check_official(archive.path, archive.file, progress)
    breeds = list(_BREEDS)
    parts: dict[str, list[Photo]] = {part: [] for part in _NUM_IMAGES}
    for name in sorted(filter(is_image, TarSource(archive.path).names())):
        folders = PurePosixPath(name).parts
        if len(folders) != _DEPTH or folders[0] != version or folders[1] not in _PARTS:
            raise archive.refusal(f"holds the image {name}, outside {version}/train and {version}/val")
        if folders[2] not in breeds:
            raise archive.refusal(f"holds the image {name}, whose folder is no known breed")
        parts[_PARTS[folders[1]]].append(Photo(archive, name, (breeds.index(folders[2]),)))
    missing = set(range(len(breeds))) - {photo.labels[0] for photos in parts.values() for photo in photos}
    if missing:
        raise archive.refusal(f"holds no image of the breed {breeds[min(missing)]}")
    return PhotoLists(archive=archive, class_names={"class": list(_BREEDS.values())}, parts=parts)
