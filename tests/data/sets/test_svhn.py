from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import savemat

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from detaux.data.official.file import Downloadable
from detaux.data.sets import svhn
from tests.data.standins import svhn as standin
from tests.data.standins.svhn import TEST, TRAIN

IMAGES = np.random.default_rng(0).integers(0, 256, (7, 32, 32, 3), dtype=np.uint8)
LABELS = np.array([1, 9, 10, 3, 10, 7, 2], dtype=np.uint8)
DIGITS = [1, 9, 0, 3, 0, 7, 2]
pytestmark = pytest.mark.usefixtures("empty_cache")

Publish = Callable[..., Path]


def arrays(rows: slice, **changes: Any) -> dict[str, Any]:
    return {**standin.arrays(IMAGES[rows], LABELS[rows]), **changes}


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Write the files of five train and two test images, and make them the official ones."""

    def write(train: dict[str, Any] | bytes | None = None) -> Path:
        folder = tmp_path / "raw"
        folder.mkdir()
        held = arrays(slice(5)) if train is None else train
        content = {TRAIN: held, TEST: arrays(slice(5, 7))}
        return standin.publish(folder, monkeypatch, content, train=5, test=2)

    return write


def load(path: Path, image_size: int = 32) -> Dataset:
    return load_dataset("svhn", path=str(path), image_size=image_size)


def test_each_image_has_its_digit_and_ten_means_zero(publish: Publish) -> None:
    dataset = load(publish())
    np.testing.assert_array_equal(dataset.images(np.arange(7)), IMAGES)
    assert dataset.factors(np.arange(7))[:, 0].tolist() == DIGITS
    assert dataset.official_parts["train"].tolist() == [0, 1, 2, 3, 4]
    assert dataset.official_parts["test"].tolist() == [5, 6]


def test_it_is_a_labelled_set(publish: Publish) -> None:
    dataset = load(publish())
    assert (dataset.name, dataset.factor_names, dataset.factor_sizes) == ("svhn", ("class",), (10,))
    assert (dataset.value_names["class"][0], dataset.rendered) == ("0", False)


def test_once_converted_the_files_are_needed_no_longer(publish: Publish) -> None:
    folder = publish()
    load(folder)
    shutil.rmtree(folder)
    again = load(folder)
    np.testing.assert_array_equal(again.images(np.arange(7)), IMAGES)
    assert again.factors(np.arange(7))[:, 0].tolist() == DIGITS


def test_resized_images_have_a_fingerprint_of_their_own(publish: Publish) -> None:
    folder = publish()
    small = load(folder, image_size=16)
    assert small.images(np.array([6])).shape == (1, 16, 16, 3)
    assert small.fingerprint != load(folder).fingerprint


def test_in_the_cache_folder_the_files_have_names_of_their_own(publish: Publish, empty_cache: Path) -> None:
    folder = publish()
    empty_cache.mkdir()
    for path in folder.iterdir():
        path.rename(empty_cache / f"svhn-{path.name}")
    assert len(load_dataset("svhn")) == 7


def test_its_official_files_are_the_published_ones() -> None:
    part = svhn.Svhn()
    assert isinstance(part, Downloadable)
    assert [file.size for file in part.official_files()] == [182_040_794, 64_275_384]


def test_missing_files_are_named_with_the_remedy(publish: Publish) -> None:
    with pytest.raises(
        DataError, match=r"no file .*/svhn-train_32x32\.mat; download http://ufldl\.stanford\.edu/.*435e94d"
    ):
        load_dataset("svhn")
    folder = publish()
    (folder / TEST).unlink()
    with pytest.raises(DataError, match=r"no file .*/raw/test_32x32\.mat; download http"):
        load(folder)


@pytest.mark.parametrize("name", [TRAIN, TEST])
@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_a_damaged_file_is_refused_by_name(publish: Publish, name: str, damage: str) -> None:
    folder = publish()
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content if damage == "flipped" else content[:-5])
    with pytest.raises(DataError, match=rf"{name} has .* expected; download it again from http"):
        load(folder)


@pytest.mark.parametrize(
    ("train", "message"),
    [
        ({"x": IMAGES, "y": LABELS}, r"holds no array X"),
        ({"X": IMAGES[:5].transpose(1, 2, 3, 0)}, r"holds no array y"),
        (arrays(slice(4)), r"holds X of uint8 \(32, 32, 3, 4\), where uint8 \(32, 32, 3, 5\) is expected"),
        (arrays(slice(5), X=IMAGES[:5]), r"holds X of uint8 \(5, 32, 32, 3\), where"),
        (arrays(slice(5), X=np.zeros((32, 32, 3, 5))), r"holds X of float64 \(32, 32, 3, 5\), where"),
        (
            arrays(slice(5), y=LABELS[:4, None]),
            r"holds y of uint8 \(4, 1\), where uint8 \(5, 1\) is expected",
        ),
        (arrays(slice(5), y=LABELS[:5, None] + 1), r"holds the label 11, where 1 to 10 are expected"),
        (arrays(slice(5), y=LABELS[:5, None] - 1), r"holds the label 0, where 1 to 10 are expected"),
    ],
)
def test_another_content_is_refused_by_name(publish: Publish, train: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=rf"{TRAIN} {message}.*; download it again from http"):
        load(publish(train))


@pytest.mark.parametrize(
    "content", [b"", b"no Matlab file at all", b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM"]
)
def test_what_is_no_matlab_file_of_version_5_is_refused(publish: Publish, content: bytes) -> None:
    with pytest.raises(DataError, match=rf"{TRAIN} cannot be read as a Matlab file \(.*; download"):
        load(publish(content))


def test_a_matlab_file_that_ends_early_is_refused(publish: Publish, tmp_path: Path) -> None:
    savemat(tmp_path / "whole.mat", arrays(slice(5)), do_compression=True)
    with pytest.raises(DataError, match=rf"{TRAIN} cannot be read as a Matlab file \(.*; download"):
        load(publish((tmp_path / "whole.mat").read_bytes()[:2000]))


@pytest.mark.parametrize(("size", "told"), [(0, "at least 1, found 0"), (1025, "at most 1024, found 1025")])
def test_an_impossible_size_is_refused(size: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        load_dataset("svhn", image_size=size)
