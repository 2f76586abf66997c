from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from detaux.core.errors import DataError
from detaux.data import load_dataset
from tests.data.standins import celeba as standin

pytestmark = pytest.mark.usefixtures("empty_cache")
FILES = [f"{number:06d}.jpg" for number in range(1, 7)]
PARTS = (0, 0, 0, 1, 2, 2)
SIGNS = np.where(np.random.default_rng(0).random((6, 40)) < 0.5, -1, 1)
SIGNS[:3, 0] = -1


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six images of grey levels 0 to 5, as many as the set then has."""
    return standin.publish(tmp_path, monkeypatch, SIGNS, PARTS)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_attributes_become_forty_binary_factors(home: Path) -> None:
    dataset = load_dataset("celeba", path=home, image_size=4)
    everything = np.arange(6)
    assert (len(dataset.factor_names), set(dataset.factor_sizes)) == (40, {2})
    assert dataset.factor_names[20] == "Male"
    assert dataset.value_names["Male"] == ("no", "yes")
    np.testing.assert_array_equal(dataset.factors(everything), SIGNS == 1)
    assert dataset.images(everything)[:, 0, 0, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert dataset.image_shape == (4, 4, 3)


def test_the_three_official_parts_are_those_of_the_list(home: Path) -> None:
    parts = load_dataset("celeba", path=home, image_size=4).official_parts
    assert {name: index.tolist() for name, index in parts.items()} == {
        "train": [0, 1, 2],
        "validation": [3],
        "test": [4, 5],
    }


def test_the_images_may_lie_in_the_official_archive(home: Path) -> None:
    shutil.make_archive(str(home / "img_align_celeba"), "zip", home, "img_align_celeba")
    shutil.rmtree(home / "img_align_celeba")
    dataset = load_dataset("celeba", path=home, image_size=4)
    assert dataset.images(np.arange(6))[:, 0, 0, 0].tolist() == [0, 1, 2, 3, 4, 5]


def test_images_are_decoded_once_and_labels_change_the_fingerprint(home: Path, empty_cache: Path) -> None:
    first = load_dataset("celeba", path=home, image_size=4).fingerprint
    assert load_dataset("celeba", path=home, image_size=4).fingerprint == first
    replace(home / "list_attr_celeba.txt", "000001.jpg -1", "000001.jpg  1")
    assert load_dataset("celeba", path=home, image_size=4).fingerprint != first
    assert len(list(empty_cache.rglob("array.npy"))) == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("list_attr_celeba.txt", "6\n", "7\n", "must begin with the number 6, found '7'"),
        ("list_attr_celeba.txt", "Bald", "Bold", "'B[ao]ld', 'B[ao]ld'"),
        ("list_attr_celeba.txt", "Bald Bangs", "Bangs Bald", "another order"),
        (
            "list_attr_celeba.txt",
            "000002.jpg -1",
            "000002.jpg  3",
            "row 2 of images does not hold 40 numbers",
        ),
        ("list_attr_celeba.txt", "000002.jpg -1", "000002.jpg", "row 2 of images does not hold 40 numbers"),
        ("list_attr_celeba.txt", "000003.jpg", "000003.jpg 1 1", "is no table: .*line 3"),
        ("list_attr_celeba.txt", "000001.jpg", "000001.jpg 1", "is no table|does not hold 40 numbers"),
        ("list_eval_partition.txt", "000005.jpg 2", "000005.jpg 3", "row 5 of images does not hold 1 num"),
        ("list_eval_partition.txt", "000005.jpg 2", "000005.jpg test", "row 5 of images does not hold 1 num"),
        ("list_eval_partition.txt", "000006.jpg 2\n", "", "must list 6 images once, found 5"),
        ("list_eval_partition.txt", "000006", "000005", "must list 6 images once"),
        ("list_eval_partition.txt", "000006", "000007", "list other images"),
    ],
)
def test_a_changed_list_is_refused(home: Path, file: str, old: str, new: str, told: str) -> None:
    replace(home / file, old, new)
    with pytest.raises(DataError, match=told):
        load_dataset("celeba", path=home)


@pytest.mark.parametrize("file", ["list_attr_celeba.txt", "list_eval_partition.txt"])
def test_a_missing_or_empty_list_is_named(home: Path, file: str) -> None:
    (home / file).write_text("")
    with pytest.raises(DataError, match=file):
        load_dataset("celeba", path=home)
    (home / file).unlink()
    with pytest.raises(DataError, match=f"cannot read .*{file}"):
        load_dataset("celeba", path=home)


def test_a_missing_image_and_missing_images_are_told(home: Path) -> None:
    (home / "img_align_celeba" / "000004.jpg").unlink()
    with pytest.raises(DataError, match=r"lacks 1 images, the first 000004\.jpg"):
        load_dataset("celeba", path=home)
    shutil.rmtree(home / "img_align_celeba")
    with pytest.raises(DataError, match="neither img_align_celeba nor"):
        load_dataset("celeba", path=home)


@pytest.mark.parametrize("level", [0, 9])
def test_a_second_image_of_the_same_name_is_refused(home: Path, level: int) -> None:
    again = home / "img_align_celeba" / "more" / "000002.jpg"
    again.parent.mkdir()
    Image.new("L", (8, 10), level).save(again)
    with pytest.raises(DataError, match=r"000002\.jpg more than once, as .*more/000002\.jpg.*; keep one"):
        load_dataset("celeba", path=home)


def test_a_list_without_images_of_a_part_is_refused(home: Path) -> None:
    (home / "list_eval_partition.txt").write_text("".join(f"{file} 0\n" for file in FILES))
    with pytest.raises(DataError, match="lists no image of validation and test; get it anew"):
        load_dataset("celeba", path=home)


@pytest.mark.parametrize("file", ["list_attr_celeba.txt", "list_eval_partition.txt"])
def test_a_pipe_is_not_waited_for(home: Path, file: str) -> None:
    (home / file).unlink()
    os.mkfifo(home / file)
    with pytest.raises(DataError, match=f"cannot read .*{file} is no regular file"):
        load_dataset("celeba", path=home)


@pytest.mark.parametrize("kept_bytes", [0, 100, 250])
def test_a_truncated_image_is_named(home: Path, kept_bytes: int) -> None:
    image = home / "img_align_celeba" / "000003.jpg"
    image.write_bytes(image.read_bytes()[:kept_bytes])
    with pytest.raises(DataError, match=r"the image 000003\.jpg cannot be decoded; mend it$"):
        load_dataset("celeba", path=home)


def test_no_image_has_no_rows() -> None:
    with pytest.raises(ValueError, match="image_size must be at least 1"):
        load_dataset("celeba", path="anywhere", image_size=0)
