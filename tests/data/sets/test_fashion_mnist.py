from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from detaux.data.official.file import Downloadable
from detaux.data.sets import fashion_mnist
from tests.data.standins import fashion_mnist as standin
from tests.data.standins.fashion_mnist import (
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    idx,
    members,
)

IMAGES = np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)
LABELS = np.array([9, 0, 0, 3, 2, 7, 1], dtype=np.uint8)
pytestmark = pytest.mark.usefixtures("empty_cache")

Publish = Callable[..., Path]


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Write the four files of five train and two test images, and make them the official ones."""

    def write(changes: Mapping[str, bytes] | None = None) -> Path:
        folder = tmp_path / "raw"
        folder.mkdir()
        content = members(IMAGES, LABELS, num_train=5) | dict(changes or {})
        return standin.publish(folder, monkeypatch, content, train=5, test=2)

    return write


def load(path: Path, image_size: int = 28) -> Dataset:
    return load_dataset("fashion_mnist", path=str(path), image_size=image_size)


def test_each_image_is_grey_and_has_its_label(publish: Publish) -> None:
    dataset = load(publish())
    images = dataset.images(np.arange(7))
    assert images.shape == (7, 28, 28, 3)
    assert images[6, 3, 25].tolist() == [IMAGES[6, 3, 25]] * 3
    np.testing.assert_array_equal(images, np.repeat(IMAGES[..., None], 3, axis=3))
    np.testing.assert_array_equal(dataset.factors(np.arange(7))[:, 0], LABELS)
    assert dataset.official_parts["train"].tolist() == [0, 1, 2, 3, 4]
    assert dataset.official_parts["test"].tolist() == [5, 6]


def test_it_is_a_labelled_set(publish: Publish) -> None:
    dataset = load(publish())
    assert (dataset.name, dataset.factor_names, dataset.factor_sizes) == ("fashion_mnist", ("class",), (10,))
    assert (dataset.value_names["class"][9], dataset.licence) == ("Ankle boot", "MIT")


def test_once_converted_the_files_are_needed_no_longer(publish: Publish) -> None:
    folder = publish()
    first = load(folder)
    shutil.rmtree(folder)
    again = load(folder)
    np.testing.assert_array_equal(again.images(np.arange(7)), first.images(np.arange(7)))
    assert again.factors(np.array([0])).tolist() == [[9]]


def test_resized_images_have_a_fingerprint_of_their_own(publish: Publish) -> None:
    folder = publish()
    large = load(folder, image_size=32)
    images = large.images(np.arange(7))
    assert images.shape == (7, 32, 32, 3)
    np.testing.assert_allclose(images.mean((1, 2, 3)), IMAGES.mean((1, 2)), atol=2)
    assert large.fingerprint != load(folder).fingerprint


def test_in_the_cache_folder_the_files_have_names_of_their_own(publish: Publish, empty_cache: Path) -> None:
    folder = publish()
    empty_cache.mkdir()
    for path in folder.iterdir():
        path.rename(empty_cache / f"fashion-mnist-{path.name}")
    assert len(load_dataset("fashion_mnist")) == 7


def test_its_official_files_are_the_published_ones() -> None:
    part = fashion_mnist.FashionMnist()
    assert isinstance(part, Downloadable)
    assert [file.size for file in part.official_files()] == [26_421_880, 29_515, 4_422_102, 5_148]
    assert all(file.urls[0].startswith("https://") for file in part.official_files())


def test_missing_files_are_named_with_the_remedy(publish: Publish) -> None:
    with pytest.raises(
        DataError, match=r"no file .*/fashion-mnist-train-images-idx3-ubyte\.gz; download https.*3aede38d"
    ):
        load_dataset("fashion_mnist")
    folder = publish()
    (folder / TEST_LABELS).unlink()
    with pytest.raises(DataError, match=r"no file .*/raw/t10k-labels-idx1-ubyte\.gz; download https"):
        load(folder)


@pytest.mark.parametrize("name", [TRAIN_IMAGES, TEST_LABELS])
@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_a_damaged_file_is_refused_by_name(publish: Publish, name: str, damage: str) -> None:
    folder = publish()
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content if damage == "flipped" else content[:-5])
    with pytest.raises(DataError, match=rf"{name} has .* expected; download it again from https"):
        load(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {TRAIN_IMAGES: idx(IMAGES[:4])},
            r"train-images.* starts with .* 00000004 .*\(5, 28, 28\), is expected",
        ),
        (
            {TEST_IMAGES: idx(IMAGES[5:, :14])},
            r"t10k-images.* starts with .*, uint8 \(2, 28, 28\), is expected",
        ),
        ({TRAIN_LABELS: idx(IMAGES[:5])}, r"train-labels.* starts with 00000803 .*\(5,\), is expected"),
        ({TRAIN_LABELS: b""}, r"train-labels.* starts with , where 00000801 00000005"),
        ({TEST_LABELS: idx(LABELS[5:])[:-1]}, r"t10k-labels.* holds only 9 bytes, where 10 are expected"),
        ({TEST_LABELS: idx(LABELS[5:]) + b"x"}, r"t10k-labels.* holds more bytes, where 10 are expected"),
        (
            {TEST_LABELS: idx(np.array([3, 10], dtype=np.uint8))},
            r"t10k-labels.* holds the label 10, where 0 to 9 are expected",
        ),
    ],
)
def test_another_content_is_refused_by_name(
    publish: Publish, changes: Mapping[str, bytes], message: str
) -> None:
    folder = publish({name: gzip.compress(data) for name, data in changes.items()})
    with pytest.raises(DataError, match=f"{message}.*; download it again from https"):
        load(folder)


PACKED = gzip.compress(idx(IMAGES[:5]))


@pytest.mark.parametrize(
    "content",
    [b"no gzip at all", PACKED[:-9], PACKED[:100]],
    ids=["no gzip", "cut at the end", "cut in the middle"],
)
def test_what_cannot_be_decompressed_is_refused_by_name(publish: Publish, content: bytes) -> None:
    with pytest.raises(DataError, match=r"cannot read .*train-images-idx3-ubyte\.gz: .*; fetch"):
        load(publish({TRAIN_IMAGES: content}))


@pytest.mark.parametrize(("size", "told"), [(0, "at least 1, found 0"), (1025, "at most 1024, found 1025")])
def test_an_impossible_size_is_refused(size: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        load_dataset("fashion_mnist", image_size=size)
