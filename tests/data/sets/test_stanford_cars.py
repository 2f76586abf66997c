from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from detaux.data.sets import stanford_cars
from tests.data.standins import stanford_cars as standin
from tests.data.standins.stanford_cars import ARCHIVES, CLASSES, LABELS, listed, lists, matlab
from tests.data.standins.writing import photo

TRAIN = {"00001.jpg": 3, "00002.jpg": 1, "00003.jpg": 2}
TEST = {"00002.jpg": 2, "00001.jpg": 3}
LEVELS = {
    "cars_train/00001.jpg": 10,
    "cars_train/00002.jpg": 60,
    "cars_train/00003.jpg": 110,
    "cars_test/00002.jpg": 160,
    "cars_test/00001.jpg": 210,
}
pytestmark = pytest.mark.usefixtures("empty_cache")

Publish = Callable[..., Path]


MEMBERS = lists(TRAIN, TEST) | {name: photo(level) for name, level in LEVELS.items()}


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Write a folder of three train and two test photographs of three models, and make its files the official ones."""

    def write(changed: Mapping[str, bytes | None] | None = None) -> Path:
        folder = tmp_path / "stanford_cars"
        folder.mkdir()
        members = {name: raw for name, raw in {**MEMBERS, **(changed or {})}.items() if raw is not None}
        return standin.publish(folder, monkeypatch, members, train=3, test=2)

    return write


def unpack(folder: Path) -> None:
    """Turn the archives of photographs into folders."""
    for name, level in LEVELS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(photo(level))
    for name in ("cars_train.tgz", "cars_test.tgz"):
        (folder / name).unlink()


def load(folder: Path, *, unpacked: bool = False) -> Dataset:
    return load_dataset("stanford_cars", path=str(folder), image_size=8, unpacked=unpacked)


@pytest.mark.parametrize("unpacked", [False, True])
def test_each_photograph_has_its_label_and_part(publish: Publish, *, unpacked: bool) -> None:
    folder = publish()
    if unpacked:
        unpack(folder)
    dataset = load(folder, unpacked=unpacked)
    images = dataset.images(np.arange(5))
    assert images.shape == (5, 8, 8, 3)
    assert images.dtype == np.uint8
    np.testing.assert_allclose(images.mean(axis=(1, 2, 3)), [10, 60, 110, 160, 210], atol=2)
    assert dataset.factors(np.arange(5))[:, 0].tolist() == [2, 0, 1, 1, 2]
    assert dataset.value_names["class"] == tuple(CLASSES[0])
    assert dataset.official_parts["train"].tolist() == [0, 1, 2]
    assert dataset.official_parts["test"].tolist() == [3, 4]


@pytest.mark.parametrize("unpacked", [False, True])
def test_once_decoded_the_files_are_needed_no_longer(publish: Publish, *, unpacked: bool) -> None:
    folder = publish()
    if unpacked:
        unpack(folder)
    first = load(folder, unpacked=unpacked)
    folder.rename(folder.with_name("gone"))
    again = load(folder, unpacked=unpacked)
    np.testing.assert_array_equal(again.images(np.arange(5)), first.images(np.arange(5)))
    np.testing.assert_array_equal(again.factors(np.arange(5)), first.factors(np.arange(5)))
    assert (again.fingerprint, again.value_names) == (first.fingerprint, first.value_names)


def test_unpacked_photographs_are_told_by_their_pixels(publish: Publish) -> None:
    folder = publish()
    checked = load(folder)
    unpack(folder)
    prints = [checked.fingerprint, load(folder, unpacked=True).fingerprint]
    moved = folder.rename(folder.with_name("moved"))
    assert load(moved, unpacked=True).fingerprint == prints[1]
    moved = moved.rename(folder.with_name("changed"))
    (moved / "cars_test/00001.jpg").write_bytes(photo(99))
    prints.append(load(moved, unpacked=True).fingerprint)
    assert len(set(prints)) == 3


def test_its_official_files_are_those_that_are_needed() -> None:
    names = [file.name for file in stanford_cars.StanfordCars().official_files()]
    assert names == ["car_devkit.tgz", LABELS, "cars_train.tgz", "cars_test.tgz"]
    assert len(stanford_cars.StanfordCars(unpacked=True).official_files()) == 2
    assert sum(stanford_cars._FACTS.num_images.values()) == 16_185


@pytest.mark.parametrize("name", [*ARCHIVES, LABELS])
def test_a_missing_file_is_named_with_where_people_get_it(publish: Publish, name: str) -> None:
    folder = publish()
    (folder / name).unlink()
    with pytest.raises(DataError, match=rf"no file .*/{name}; .*address is dead.*pytorch/vision/issues/7545"):
        load(folder)


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
@pytest.mark.parametrize("name", [*ARCHIVES, LABELS])
def test_a_damaged_file_is_refused_before_it_is_read(publish: Publish, name: str, damage: str) -> None:
    path = publish() / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if damage == "flipped" else content[:-50])
    with pytest.raises(DataError, match=rf"{name} has .* expected; download it again"):
        load(path.parent)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"devkit/cars_meta.mat": None}, r"car_devkit\.tgz holds no member devkit/cars_meta\.mat"),
        ({"devkit/cars_meta.mat": b"nothing"}, r"cars_meta\.mat, which cannot be read as a Matlab file"),
        ({"devkit/cars_meta.mat": matlab(other=CLASSES)}, r"cars_meta\.mat without class_names"),
        (
            {"devkit/cars_meta.mat": matlab(class_names=CLASSES[:, :2])},
            r"lists 2 names of class, where 3 are",
        ),
        ({"cars_test/00001.jpg": None}, r"cars_test\.tgz holds no member cars_test/00001\.jpg; download"),
        ({"cars_test/00001.jpg": photo(9)[:200]}, r"cars_test/00001\.jpg, which cannot be decoded; download"),
        ({LABELS: listed({"00001.jpg": 1})}, r"lists 1 images for test, where 2 are expected"),
        ({LABELS: listed({**TEST, "00002.jpg": 4})}, rf"{LABELS} holds the label 4, where 1 to 3 are"),
        ({LABELS: listed({**TEST, "00002.jpg": 0})}, rf"{LABELS} holds the label 0, where 1 to 3 are"),
        ({LABELS: listed({**TEST, "00002.jpg": "x"})}, r"with a word that is no number"),
        ({LABELS: listed(TEST, "klass")}, rf"the list {LABELS}, whose annotations lack class"),
    ],
)
def test_what_is_wrong_inside_is_named(
    publish: Publish, changed: Mapping[str, bytes | None], fault: str
) -> None:
    with pytest.raises(DataError, match=fault):
        load(publish(changed))


def test_a_missing_unpacked_photograph_is_named(publish: Publish) -> None:
    folder = publish()
    unpack(folder)
    (folder / "cars_train/00002.jpg").unlink()
    with pytest.raises(DataError, match=r"holds the member cars_train/00002\.jpg, which .* has gone"):
        load(folder, unpacked=True)


@pytest.mark.parametrize(("size", "told"), [(0, "at least 1, found 0"), (1025, "at most 1024, found 1025")])
def test_an_impossible_size_is_refused(size: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        load_dataset("stanford_cars", image_size=size)
