"""CelebA: photographs of celebrities, with forty attributes each that are there or not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.hashing import content_hash, file_hash
from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.files.decoded_images import Decoding, open_decoded
from detaux.data.files.image_formats import is_image
from detaux.data.files.image_source import ImageSource, reading
from detaux.data.files.open_source import open_source, user_path
from detaux.data.files.regular_file import check_regular
from detaux.data.labelled import LabelledImages
from detaux.data.registries import datasets

_SOURCE = "Liu, Luo, Wang and Tang 2015, CelebA, mmlab.ie.cuhk.edu.hk/projects/CelebA.html"
_LICENCE = "non-commercial research only, by the agreement at its address; not to be passed on"
_NUM_IMAGES = 202_599
_IMAGES = ("img_align_celeba", "img_align_celeba.zip")
_ATTRIBUTES_FILE, _PARTS_FILE = "list_attr_celeba.txt", "list_eval_partition.txt"
_HEADER = """
5_o_Clock_Shadow Arched_Eyebrows Attractive Bags_Under_Eyes Bald Bangs Big_Lips Big_Nose Black_Hair Blond_Hair
Blurry Brown_Hair Bushy_Eyebrows Chubby Double_Chin Eyeglasses Goatee Gray_Hair Heavy_Makeup High_Cheekbones Male
Mouth_Slightly_Open Mustache Narrow_Eyes No_Beard Oval_Face Pale_Skin Pointy_Nose Receding_Hairline Rosy_Cheeks
Sideburns Smiling Straight_Hair Wavy_Hair Wearing_Earrings Wearing_Hat Wearing_Lipstick Wearing_Necklace
Wearing_Necktie Young
"""
_ATTRIBUTES = tuple(_HEADER.split())
_PARTS = ("train", "validation", "test")


@datasets.register(
    "celeba",
    summary="CelebA, 202,599 aligned photographs of faces with 40 binary attributes, from the user's own copy",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class CelebA:
    """Options of CelebA.

    Each attribute is a factor of the values `no` and `yes`. Images are in the files' order, decoded once, resized by
    their shorter side, cropped to the centre square, and cached; the cache takes 2.5 GB at 64 px. They are never fetched: their terms are to be agreed to.

    Source: Liu, Luo, Wang and Tang 2015, Deep Learning Face Attributes in the Wild, ICCV.

    Raises:
        ValueError: If `image_size` is below 1.
    """

    licence: ClassVar[str] = _LICENCE
    num_images: ClassVar[int | None] = _NUM_IMAGES

    path: str
    """Folder of `img_align_celeba` or its `.zip`, `list_attr_celeba.txt` and `list_eval_partition.txt`."""
    image_size: int = 64
    """Rows and columns; the originals have 218 and 178."""

    def __post_init__(self) -> None:
        self._decoding()

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        Raises:
            DataError: If a file is missing, damaged, there twice, or not laid out as the official one.
        """
        home = user_path(self.path)
        files, attributes = _read_list(home / _ATTRIBUTES_FILE, _ATTRIBUTES, (-1, 1))
        others, parts = _read_list(home / _PARTS_FILE, ("part",), (0, 1, 2))
        if files != others:
            raise DataError(f"{home}: {_ATTRIBUTES_FILE} and {_PARTS_FILE} list other images; get them anew")
        official = {part: np.flatnonzero(parts[:, 0] == number) for number, part in enumerate(_PARTS)}
        if empty := [part for part, index in official.items() if not len(index)]:
            raise DataError(f"{home / _PARTS_FILE} lists no image of {' and '.join(empty)}; get it anew")
        source = _open_images(home)
        names = _find_images(source, files, home)
        images = open_decoded("celeba", self._decoding(), source, names, progress or Announcer())
        lists = [file_hash(home / name) for name in (_ATTRIBUTES_FILE, _PARTS_FILE)]
        return LabelledImages(
            name="celeba",
            pixels=images.pixels,
            rows=np.array([images.row_of[name] for name in names]),
            labels=(attributes + 1) // 2,
            class_names=dict.fromkeys(_ATTRIBUTES, ("no", "yes")),
            licence=_LICENCE,
            source=_SOURCE,
            fingerprint=content_hash({**images.facts, "lists": lists}),
            official_parts=official,
        )

    def _decoding(self) -> Decoding:
        return Decoding(place=self.path, image_size=self.image_size)


def _read_list(
    path: Path, columns: tuple[str, ...], values: tuple[int, ...]
) -> tuple[list[str], NDArray[np.int64]]:
    """Return names of images and a number of each column for each, shape (N, columns)."""
    import pandas as pd

    with reading(path):
        check_regular(path)
    with reading(path), path.open(encoding="utf-8") as stream:
        if path.name == _ATTRIBUTES_FILE:
            _check_header(path, stream.readline().strip(), stream.readline().split())
        try:
            table = pd.read_csv(
                stream,
                sep=r"\s+",
                header=None,
                names=["file", *columns],
                dtype={"file": str},
                low_memory=False,
            )
        except ValueError as error:
            raise DataError(f"{path} is no table: {str(error).strip()}; get it anew") from error
    numbers = table[list(columns)].apply(pd.to_numeric, errors="coerce")
    wrong = np.flatnonzero(~numbers.isin(values).all(axis=1))
    if not isinstance(table.index, pd.RangeIndex) or len(wrong):
        row = f"row {wrong[0] + 1} of images" if len(wrong) else "a row"
        raise DataError(f"{path}: {row} does not hold {len(columns)} numbers out of {values}; get it anew")
    if len(table) != _NUM_IMAGES or table["file"].duplicated().any():
        raise DataError(f"{path} must list {_NUM_IMAGES:,} images once, found {len(table):,}; get it anew")
    return table["file"].tolist(), numbers.to_numpy(np.int64)


def _check_header(path: Path, count: str, names: list[str]) -> None:
    if count != str(_NUM_IMAGES):
        raise DataError(f"{path} must begin with the number {_NUM_IMAGES}, found {count!r:.40}; get it anew")
    if tuple(names) != _ATTRIBUTES:
        unlike = set(names) ^ set(_ATTRIBUTES) or "another order"
        raise DataError(f"{path}: its second line is not the 40 attributes: {unlike}; get it anew")


def _open_images(home: Path) -> ImageSource:
    for name in _IMAGES:
        if (home / name).exists():
            return open_source(home / name)
    raise DataError(f"there is neither {_IMAGES[0]} nor {_IMAGES[1]} in {home}; look after the option 'path'")


def _find_images(source: ImageSource, files: list[str], home: Path) -> list[str]:
    """Return the names by which the source knows the listed images."""
    known: dict[str, list[str]] = defaultdict(list)
    for name in filter(is_image, source.names()):
        known[PurePosixPath(name).name].append(name)
    missing = [file for file in files if file not in known]
    if missing:
        raise DataError(f"{home} lacks {len(missing):,} images, the first {missing[0]}; unpack them anew")
    for file in files:
        if len(known[file]) > 1:
            raise DataError(f"{home} holds {file} more than once, as {' and '.join(known[file])}; keep one")
    return [known[file][0] for file in files]
