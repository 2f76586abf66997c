from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from detaux.data.official.file import Downloadable
from detaux.data.sets import oxford_pets
from tests.data.standins import oxford_pets as standin
from tests.data.standins.oxford_pets import ARCHIVES, lists, text
from tests.data.standins.writing import photo

TRAIN = ["Bengal_1 1 1 1", "great_pyrenees_2 2 2 1", "Bengal_7 1 1 1"]
TEST = ["great_pyrenees_1 2 2 1", "Manx_10 3 1 2"]
LEVELS = {"Bengal_1": 10, "great_pyrenees_2": 60, "Bengal_7": 110, "great_pyrenees_1": 160, "Manx_10": 210}
pytestmark = pytest.mark.usefixtures("empty_cache")

Publish = Callable[..., Path]


MEMBERS = {
    **lists(TRAIN, TEST),
    "annotations/trimaps/._Bengal_1.png": b"",
    **{f"images/{name}.jpg": photo(level) for name, level in LEVELS.items()},
    "images/Bengal_7.jpg": photo(110, "PNG"),  # some are of another format than their name says
    "images/Manx_99.jpg": photo(1),  # and some are in no list
}


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Write archives of five photographs of three breeds, and make them the official ones."""

    def write(changed: Mapping[str, bytes | None] | None = None) -> Path:
        members = {name: raw for name, raw in {**MEMBERS, **(changed or {})}.items() if raw is not None}
        return standin.publish(tmp_path, monkeypatch, members, train=3, test=2, breeds=3)

    return write


def load(folder: Path) -> Dataset:
    return load_dataset("oxford_pets", path=str(folder), image_size=8)


def test_each_photograph_has_its_breed_species_and_part(publish: Publish) -> None:
    dataset = load(publish())
    images = dataset.images(np.arange(5))
    assert images.shape == (5, 8, 8, 3)
    assert images.dtype == np.uint8
    np.testing.assert_allclose(images.mean(axis=(1, 2, 3)), [10, 60, 110, 160, 210], atol=2)
    assert (dataset.factor_names, dataset.factor_sizes) == (("class", "species"), (3, 2))
    assert dataset.factors(np.arange(5)).tolist() == [[0, 0], [1, 1], [0, 0], [1, 1], [2, 0]]
    assert dataset.value_names == {"class": ("Bengal", "great_pyrenees", "Manx"), "species": ("cat", "dog")}
    assert dataset.official_parts["train"].tolist() == [0, 1, 2]
    assert dataset.official_parts["test"].tolist() == [3, 4]


def test_once_decoded_the_archives_are_needed_no_longer(publish: Publish) -> None:
    folder = publish()
    first = load(folder)
    for stem in ARCHIVES:
        (folder / f"{stem}.tar.gz").unlink()
    again = load(folder)
    np.testing.assert_array_equal(again.images(np.arange(5)), first.images(np.arange(5)))
    np.testing.assert_array_equal(again.factors(np.arange(5)), first.factors(np.arange(5)))
    assert (again.fingerprint, again.value_names) == (first.fingerprint, first.value_names)


def test_its_official_files_are_the_published_ones() -> None:
    part = oxford_pets.OxfordPets()
    assert isinstance(part, Downloadable)
    assert [file.size for file in part.official_files()] == [791_918_971, 19_173_078]
    assert sum(oxford_pets._FACTS.num_images.values()) == 7349


def test_a_missing_archive_is_named_with_the_remedy(publish: Publish) -> None:
    with pytest.raises(DataError, match=r"no file .*oxford_pets_images\.tar\.gz; download https://.*67195c5"):
        load_dataset("oxford_pets")
    folder = publish()
    (folder / "annotations.tar.gz").unlink()
    with pytest.raises(DataError, match=r"no file .*/annotations\.tar\.gz; download https://"):
        load(folder)


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
@pytest.mark.parametrize("stem", sorted(ARCHIVES))
def test_a_damaged_archive_is_refused(publish: Publish, stem: str, damage: str) -> None:
    folder = publish()
    path = folder / f"{stem}.tar.gz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if damage == "flipped" else content[:-50])
    with pytest.raises(DataError, match=rf"{stem}\.tar\.gz has .* expected; download it again from https"):
        load(folder)


def relisted(old: str, new: str) -> dict[str, bytes | None]:
    """Change a line in all lists."""
    lists = {name: content for name, content in MEMBERS.items() if name.endswith(".txt")}
    return {name: content.replace(old.encode(), new.encode()) for name, content in lists.items()}


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"annotations/test.txt": None}, r"annotations\.tar\.gz holds no member annotations/test\.txt"),
        ({"images/Manx_10.jpg": None}, r"images\.tar\.gz holds no member images/Manx_10\.jpg; download"),
        ({"images/Manx_10.jpg": photo(9)[:200]}, r"images/Manx_10\.jpg, which cannot be decoded; download"),
        ({"annotations/test.txt": text(TEST[:1])}, r"lists the image Manx_10 otherwise in .*list\.txt"),
        ({"annotations/test.txt": text([*TEST, "Manx_3 3 1 2"])}, r"lists the image Manx_3 otherwise"),
        ({"annotations/test.txt": text([*TEST, TRAIN[0]])}, r"lists 3 images for test, where 2 are expected"),
        (relisted("Manx_10 3", "Manx_10 4"), r"label 4, where 1 to 3 are expected"),
        (relisted("Manx_10 3 1", "Manx_10 3 0"), r"label 0, where 1 to 2 are expected"),
        (relisted("Manx_10 3", "Manx_10 two"), r"with a word that is no number"),
        (relisted("Bengal_7 1", "Bengal_7 2"), r"lists the image \w+ under the class \w+"),
        (relisted("Manx_10 3", "Bengal_7 1"), r"lists 2 names of class, where 3 are expected"),
        (relisted("Manx_10 3 1 2", "Manx_10 3 1"), r"with the line 'Manx_10 3 1', where 4 words"),
    ],
)
def test_what_is_wrong_inside_is_named(
    publish: Publish, changed: Mapping[str, bytes | None], fault: str
) -> None:
    with pytest.raises(DataError, match=fault):
        load(publish(changed))


@pytest.mark.parametrize(("size", "told"), [(0, "at least 1, found 0"), (1025, "at most 1024, found 1025")])
def test_an_impossible_size_is_refused(size: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        load_dataset("oxford_pets", image_size=size)
