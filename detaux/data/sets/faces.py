"""FACES: photographs of persons of three ages, each with six expressions, twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar

import numpy as np

from detaux.core.errors import DataError
from detaux.core.hashing import content_hash
from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.files.decoded_images import Decoding, open_decoded
from detaux.data.files.image_formats import is_image
from detaux.data.files.open_source import open_source, user_path
from detaux.data.labelled import LabelledImages
from detaux.data.registries import datasets

_SOURCE = "Ebner, Riediger and Lindenberger 2010, FACES, faces.mpdl.mpg.de"
_LICENCE = "registration and an agreement for each study, at faces.mpdl.mpg.de; not to be passed on"
_NUM_PERSONS = 171
_CODES = {
    "age": {"y": "young", "m": "middle", "o": "old"},
    "gender": {"f": "female", "m": "male"},
    "expression": {
        "a": "anger",
        "d": "disgust",
        "f": "fear",
        "h": "happy",
        "n": "neutral",
        "s": "sad",
    },
    "picture_set": {"a": "a", "b": "b"},
}
_NAME = re.compile(r"([0-9]+)_([ymo])_([fm])_([adfhns])_([ab])\.jpe?g", re.IGNORECASE)
_IMAGES_A_PERSON = len(_CODES["expression"]) * len(_CODES["picture_set"])

Fields = tuple[str, ...]
"""Person, and the letters of age, gender, expression and picture set."""


@datasets.register(
    "faces",
    summary="FACES, 2052 photographs of 171 persons by age, gender and expression, from the user's own copy",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Faces:
    """Options of FACES.

    The factors are person, age, gender, expression and picture set. Images are in the order of their names, decoded
    once, resized by their shorter side, cropped to the centre square, and cached. They are never fetched: use needs
    registration and an agreement. Part them by person, with the split `by_group`.

    Source: Ebner, Riediger and Lindenberger 2010, FACES, Behavior Research Methods 42(1).

    Raises:
        ValueError: If `image_size` is below 1.
    """

    licence: ClassVar[str] = _LICENCE
    num_images: ClassVar[int | None] = _NUM_PERSONS * _IMAGES_A_PERSON

    path: str
    """Folder, or `.zip` or `.tar` file of one, of files such as `004_o_m_a_a.jpg`, of either resolution."""
    image_size: int = 64
    """Rows and columns."""

    def __post_init__(self) -> None:
        self._decoding()

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        Raises:
            DataError: If a file is missing, damaged or wrongly named, a person has two ages or genders, or there
                are not 171 persons.
        """
        place = user_path(self.path)
        source = open_source(place)
        fields = _read_names(filter(is_image, source.names()), self.path)
        _check_persons(fields, self.path)
        images = open_decoded("faces", self._decoding(), source, fields, progress or Announcer())
        persons = sorted({person for person, *_ in fields.values()})
        letters = [persons, *(list(codes) for codes in _CODES.values())]
        labels = [
            [known.index(field) for known, field in zip(letters, fields[name], strict=True)]
            for name in images.row_of
        ]
        return LabelledImages(
            name="faces",
            pixels=images.pixels,
            rows=np.arange(len(images.pixels)),
            labels=np.array(labels, dtype=np.int64),
            class_names={"person": tuple(persons)}
            | {factor: tuple(codes.values()) for factor, codes in _CODES.items()},
            licence=_LICENCE,
            source=_SOURCE,
            fingerprint=content_hash(images.facts),
            official_parts={},
        )

    def _decoding(self) -> Decoding:
        return Decoding(place=self.path, image_size=self.image_size)


def _read_names(names: Iterable[str], place: str) -> dict[str, Fields]:
    """Return what the name of each image says; all lie in one folder."""
    fields: dict[str, Fields] = {}
    for name in sorted(names):
        match = _NAME.fullmatch(PurePosixPath(name).name)
        if match is None:
            form = "ID_age_gender_expression_set.jpg, as in 004_o_m_a_a.jpg"
            raise DataError(f"{place}: the image {name} is not named {form}; rename or remove it")
        fields[name] = tuple(field.lower() for field in match.groups())
    folders = sorted({str(PurePosixPath(name).parent) for name in fields})
    if len(folders) > 1:
        raise DataError(f"{place} holds images in {folders[0]!r} and {folders[1]!r}; keep them in one folder")
    return fields


def _check_persons(fields: Mapping[str, Fields], place: str) -> None:
    """Check that each person has one age, one gender and each picture once, and that nobody is missing."""
    images: dict[str, dict[Fields, str]] = defaultdict(dict)
    looks: dict[str, tuple[Fields, str]] = {}
    for name, (person, age, gender, *picture) in fields.items():
        look, first = looks.setdefault(person, ((age, gender), name))
        if look != (age, gender):
            raise DataError(f"{place}: {first} and {name} give one person two ages or genders; mend a name")
        other = images[person].setdefault(tuple(picture), name)
        if other != name:
            raise DataError(f"{place}: {other} and {name} are the same picture; remove one")
    for person, found in images.items():
        if len(found) < _IMAGES_A_PERSON:
            have = f"{len(found)} of the {_IMAGES_A_PERSON} images"
            raise DataError(f"{place} holds {have} of the person {person}; get the others")
    if len(images) != _NUM_PERSONS:
        persons = "person" if len(images) == 1 else "persons"
        raise DataError(
            f"{place} holds images of {len(images)} {persons}, but FACES of {_NUM_PERSONS}; get the whole set"
        )
