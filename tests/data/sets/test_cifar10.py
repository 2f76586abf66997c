from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from detaux.data.official.file import Downloadable
from detaux.data.sets import cifar10
from tests.data.standins import cifar10 as standin
from tests.data.standins.writing import link

PLANES = np.random.default_rng(0).integers(0, 256, (12, 3, 32, 32), dtype=np.uint8)
LABELS = np.array([6, 9, 9, 4, 1, 1, 2, 7, 8, 3, 0, 5], dtype=np.uint8)
pytestmark = pytest.mark.usefixtures("empty_cache")

Publish = Callable[..., Path]


def members(labels: NDArray[np.uint8] = LABELS) -> dict[str, bytes]:
    """Two images in each of the six files."""
    return standin.members(PLANES, labels)


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    return partial(standin.publish, tmp_path, monkeypatch, each=2)


def load(path: Path, image_size: int = 32) -> Dataset:
    return load_dataset("cifar10", path=str(path), image_size=image_size)


def test_each_image_has_its_planes_as_channels_and_its_label(publish: Publish) -> None:
    dataset = load(publish(members()))
    index = np.arange(12)
    images = dataset.images(index)
    assert images.shape == (12, 32, 32, 3)
    for image, row, column, channel in ((0, 0, 1, 0), (5, 31, 0, 1), (11, 3, 30, 2)):
        assert images[image, row, column, channel] == PLANES[image, channel, row, column]
    np.testing.assert_array_equal(images, PLANES.transpose(0, 2, 3, 1))
    np.testing.assert_array_equal(dataset.factors(index)[:, 0], LABELS)


def test_train_comes_first_whatever_the_order_in_the_archive(publish: Publish) -> None:
    path = publish(dict(reversed(members().items())))
    dataset = load(path)
    assert {part: index.tolist() for part, index in dataset.official_parts.items()} == {
        "train": list(range(10)),
        "test": [10, 11],
    }
    np.testing.assert_array_equal(dataset.images(np.arange(12)), PLANES.transpose(0, 2, 3, 1))
    np.testing.assert_array_equal(dataset.factors(np.arange(12))[:, 0], LABELS)


def test_it_is_a_labelled_set(publish: Publish) -> None:
    dataset = load(publish(members()))
    assert (dataset.name, dataset.factor_names, dataset.factor_sizes) == ("cifar10", ("class",), (10,))
    assert (dataset.value_names["class"][6], dataset.rendered) == ("frog", False)


def test_once_converted_the_archive_is_needed_no_longer(publish: Publish) -> None:
    path = publish(members())
    told: list[float] = []
    load_dataset("cifar10", path=str(path), progress=lambda share, _: told.append(share))
    path.unlink()
    dataset = load(path)
    np.testing.assert_array_equal(dataset.images(np.array([11]))[0], PLANES[11].transpose(1, 2, 0))
    assert dataset.factors(np.array([11])).tolist() == [[5]]
    assert (len(told), told[-1]) == (6, 1.0)


def test_resized_images_keep_brightness_and_have_a_fingerprint_of_their_own(publish: Publish) -> None:
    path = publish(members())
    native, large = load(path), load(path, image_size=48)
    images = large.images(np.arange(12))
    assert (images.shape, large.image_shape) == ((12, 48, 48, 3), (48, 48, 3))
    np.testing.assert_allclose(images.mean((1, 2)), PLANES.mean((2, 3)), atol=2)
    assert native.fingerprint == load(path).fingerprint != large.fingerprint


def test_it_is_looked_for_in_the_cache_folder(publish: Publish, empty_cache: Path) -> None:
    path = publish(members())
    empty_cache.mkdir()
    path.rename(empty_cache / "cifar-10-binary.tar.gz")
    assert len(load_dataset("cifar10")) == 12


def test_its_official_file_is_the_published_one() -> None:
    part = cifar10.Cifar10()
    assert isinstance(part, Downloadable)
    (file,) = part.official_files()
    assert (file.name, file.size) == ("cifar-10-binary.tar.gz", 170_052_171)
    assert sum(cifar10._ARCHIVE.members.values()) == sum(cifar10._FACTS.num_images.values()) == 60_000


def test_a_missing_archive_is_named_with_the_remedy() -> None:
    with pytest.raises(
        DataError,
        match=r"no file .*cifar-10-binary\.tar\.gz; download https://www\.cs\.toronto\.edu/.*c4a38c",
    ):
        load_dataset("cifar10")


def test_a_truncated_archive_is_refused(publish: Publish) -> None:
    path = publish(members())
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(
        DataError, match=r"made-up\.tar\.gz has .* bytes, where .*; download it again from https"
    ):
        load(path)


def test_a_flipped_bit_is_found_and_leaves_nothing_behind(publish: Publish, empty_cache: Path) -> None:
    path = publish(members())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"made-up\.tar\.gz has the sha256 .*; download it again"):
        load(path)
    assert list(empty_cache.rglob("*.npy")) == []


def test_a_missing_member_is_named(publish: Publish) -> None:
    content = members()
    del content["cifar-10-batches-bin/data_batch_3.bin"]
    with pytest.raises(DataError, match=r"holds no member cifar-10-batches-bin/data_batch_3\.bin; download"):
        load(publish(content))


def test_a_member_of_another_size_is_named(publish: Publish) -> None:
    content = members() | {standin.MEMBERS[5]: bytes(3073)}
    with pytest.raises(
        DataError, match=r"test_batch\.bin of 3,073 bytes, where 6,146 are expected; download it again"
    ):
        load(publish(content))


def test_a_member_too_large_to_be_read_is_not_read(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    path = publish(members())
    monkeypatch.setattr("detaux.data.files.image_source.LARGEST_IMAGE_BYTES", 6000)
    with pytest.raises(DataError, match=r"holds the member .*data_batch_1\.bin, which has 6,146 bytes, and"):
        load(path)


def test_a_label_out_of_range_is_refused(publish: Publish) -> None:
    labels = LABELS.copy()
    labels[4] = 10
    with pytest.raises(DataError, match="holds the label 10, where 0 to 9 are expected; download it again"):
        load(publish(members(labels)))


def test_a_member_that_leads_out_is_refused_and_written_nowhere(publish: Publish, tmp_path: Path) -> None:
    path = publish({"../escaped.bin": b"out", **members()})
    with pytest.raises(DataError, match=r"the member '\.\./escaped\.bin' leads out of the archive"):
        load(path)
    assert list(tmp_path.parent.rglob("escaped.bin")) == []


def test_a_link_is_refused(publish: Publish) -> None:
    content = members()
    del content[standin.MEMBERS[0]]
    with pytest.raises(DataError, match=r"data_batch_1\.bin' is a link or a device"):
        load(publish(content, link(standin.MEMBERS[0])))


@pytest.mark.parametrize(("size", "told"), [(0, "at least 1, found 0"), (1025, "at most 1024, found 1025")])
def test_an_impossible_size_is_refused(size: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        load_dataset("cifar10", image_size=size)
