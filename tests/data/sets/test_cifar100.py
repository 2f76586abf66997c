from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from detaux.data.official.file import Downloadable
from detaux.data.principal import principal_labels
from detaux.data.sets import cifar100
from tests.data.standins import cifar100 as standin

PLANES = np.random.default_rng(0).integers(0, 256, (7, 3, 32, 32), dtype=np.uint8)
FINE = np.array([49, 33, 72, 51, 0, 99, 16], dtype=np.uint8)
COARSE = np.array([10, 10, 0, 4, 4, 13, 3], dtype=np.uint8)
pytestmark = pytest.mark.usefixtures("empty_cache")

Publish = Callable[..., Path]


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Write an archive of five train and two test images, and make it the official one."""

    def write(
        coarse: NDArray[np.uint8] = COARSE,
        fine: NDArray[np.uint8] = FINE,
        changed: Mapping[str, bytes | None] | None = None,
    ) -> Path:
        members = {**standin.members(PLANES, coarse, fine, num_train=5), **(changed or {})}
        content = {name: raw for name, raw in members.items() if raw is not None}
        return standin.publish(tmp_path, monkeypatch, content, train=5, test=2)

    return write


def load(path: Path, image_size: int = 32) -> Dataset:
    return load_dataset("cifar100", path=str(path), image_size=image_size)


def test_each_image_has_both_its_labels(publish: Publish) -> None:
    dataset = load(publish())
    index = np.arange(7)
    assert (dataset.factor_names, dataset.factor_sizes) == (("fine", "coarse"), (100, 20))
    np.testing.assert_array_equal(dataset.factors(index), np.stack([FINE, COARSE], axis=1))
    names = dataset.value_names
    assert (names["fine"][49], names["coarse"][10]) == ("mountain", "large_natural_outdoor_scenes")
    assert (names["fine"][72], names["coarse"][0]) == ("seal", "aquatic_mammals")
    assert (names["fine"][99], names["coarse"][13]) == ("worm", "non-insect_invertebrates")


def test_planes_are_channels(publish: Publish) -> None:
    dataset = load(publish())
    images = dataset.images(np.arange(7))
    assert images[6, 3, 30, 2] == PLANES[6, 2, 3, 30]
    np.testing.assert_array_equal(images, PLANES.transpose(0, 2, 3, 1))
    assert dataset.official_parts["train"].tolist() == [0, 1, 2, 3, 4]
    assert dataset.official_parts["test"].tolist() == [5, 6]


def test_either_factor_may_be_the_principal_task(publish: Publish) -> None:
    dataset = load(publish())
    for name, size, expected in (("fine", 100, FINE), ("coarse", 20, COARSE)):
        labels, num_classes = principal_labels(dataset, [name])
        assert num_classes == size
        np.testing.assert_array_equal(labels, expected)


def test_once_converted_the_archive_is_needed_no_longer(publish: Publish) -> None:
    path = publish()
    first = load(path)
    path.unlink()
    again = load(path)
    np.testing.assert_array_equal(again.images(np.arange(7)), first.images(np.arange(7)))
    np.testing.assert_array_equal(again.factors(np.arange(7)), first.factors(np.arange(7)))
    assert again.fingerprint == first.fingerprint


def test_resized_images_have_a_fingerprint_of_their_own(publish: Publish) -> None:
    path = publish()
    assert load(path, image_size=16).images(np.array([3])).shape == (1, 16, 16, 3)
    assert load(path, image_size=16).fingerprint != load(path).fingerprint


def test_its_official_file_is_the_published_one() -> None:
    part = cifar100.Cifar100()
    assert isinstance(part, Downloadable)
    assert part.official_files()[0].size == 168_513_733
    assert sum(cifar100._ARCHIVE.members.values()) == sum(cifar100._FACTS.num_images.values()) == 60_000


def test_names_are_those_of_the_set() -> None:
    fine, coarse = cifar100._FACTS.class_names["fine"], cifar100._FACTS.class_names["coarse"]
    assert (len(set(fine)), len(set(coarse))) == (100, 20)
    assert (list(fine), list(coarse)) == (sorted(fine), sorted(coarse))


def test_a_missing_archive_is_named_with_the_remedy() -> None:
    with pytest.raises(DataError, match=r"no file .*cifar-100-binary\.tar\.gz; download https://.*58a81ae"):
        load_dataset("cifar100")


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_a_damaged_archive_is_refused(publish: Publish, damage: str) -> None:
    path = publish()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if damage == "flipped" else content[:-50])
    with pytest.raises(DataError, match=r"made-up\.tar\.gz has .* expected; download it again from https"):
        load(path)


def test_a_missing_member_is_named(publish: Publish) -> None:
    with pytest.raises(DataError, match=r"holds no member cifar-100-binary/test\.bin; download it again"):
        load(publish(changed={"cifar-100-binary/test.bin": None}))


@pytest.mark.parametrize("num_bytes", [0, 3074, 2 * 3074 - 1, 2 * 3073, 3 * 3074])
def test_a_member_of_another_size_is_named(publish: Publish, num_bytes: int) -> None:
    told = rf"test\.bin of {num_bytes:,} bytes, where 6,148 are expected; download it again from https"
    with pytest.raises(DataError, match=told):
        load(publish(changed={"cifar-100-binary/test.bin": bytes(num_bytes)}))


@pytest.mark.parametrize(("kind", "label", "highest"), [("fine", 100, 99), ("coarse", 20, 19)])
def test_labels_of_either_kind_out_of_range_are_refused(
    publish: Publish, kind: str, label: int, highest: int
) -> None:
    labels = {"fine": FINE, "coarse": COARSE}[kind].copy()
    labels[1] = label
    with pytest.raises(DataError, match=f"holds the label {label}, where 0 to {highest} are expected"):
        load(publish(**{kind: labels}))


@pytest.mark.parametrize(("size", "told"), [(0, "at least 1, found 0"), (1025, "at most 1024, found 1025")])
def test_an_impossible_size_is_refused(size: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        load_dataset("cifar100", image_size=size)
