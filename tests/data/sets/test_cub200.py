from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from detaux.data.official.file import Downloadable
from detaux.data.sets import cub200
from tests.data.standins import cub200 as standin
from tests.data.standins.cub200 import jpeg

LISTS = {
    "images": "1 001.Auk/a1.jpg\n2 001.Auk/a2.jpg\n3 002.Bee_Eater/b1.jpg\n4 003.Crow/c1.jpg\n5 003.Crow/c2.jpg\n",
    "image_class_labels": "1 1\n2 1\n3 2\n4 3\n5 3\n",
    "train_test_split": "1 0\n2 1\n3 1\n4 0\n5 1\n",
    "classes": "1 001.Auk\n2 002.Bee_Eater\n3 003.Crow\n",
}
IMAGES = ("001.Auk/a1", "001.Auk/a2", "002.Bee_Eater/b1", "003.Crow/c1", "003.Crow/c2")
LEVELS = dict(zip(IMAGES, (10, 60, 110, 160, 210), strict=True))
pytestmark = pytest.mark.usefixtures("empty_cache")

Publish = Callable[..., Path]


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Write an archive of five photographs of three species, and make it the official one."""

    def write(changed: Mapping[str, str | bytes | None] | None = None) -> Path:
        members: dict[str, str | bytes | None] = {f"{name}.txt": text for name, text in LISTS.items()}
        members |= {f"images/{name}.jpg": jpeg(level) for name, level in LEVELS.items()}
        content = {
            name: raw.encode() if isinstance(raw, str) else raw
            for name, raw in {**members, **(changed or {})}.items()
            if raw is not None
        }
        return standin.publish(tmp_path, monkeypatch, content, train=3, test=2)

    return write


def load(path: Path, image_size: int = 8) -> Dataset:
    return load_dataset("cub200", path=str(path), image_size=image_size)


def test_each_photograph_has_its_label_and_part(publish: Publish) -> None:
    dataset = load(publish())
    images = dataset.images(np.arange(5))
    assert images.shape == (5, 8, 8, 3)
    assert images.dtype == np.uint8
    np.testing.assert_allclose(images.mean(axis=(1, 2, 3)), [60, 110, 210, 10, 160], atol=2)
    assert dataset.factors(np.arange(5))[:, 0].tolist() == [0, 1, 2, 0, 2]
    assert dataset.value_names["class"] == ("Auk", "Bee_Eater", "Crow")
    assert {part: index.tolist() for part, index in dataset.official_parts.items()} == {
        "train": [0, 1, 2],
        "test": [3, 4],
    }


def test_the_shorter_side_is_resized_and_the_centre_cropped(publish: Publish) -> None:
    image = load(publish(), image_size=16).images(np.array([2]))[0]
    assert image.std() < 3
    assert abs(int(image[0, 0, 0]) - 210) < 4


def test_once_decoded_the_archive_is_needed_no_longer(publish: Publish) -> None:
    path = publish()
    first = load(path)
    path.unlink()
    again = load(path)
    np.testing.assert_array_equal(again.images(np.arange(5)), first.images(np.arange(5)))
    np.testing.assert_array_equal(again.factors(np.arange(5)), first.factors(np.arange(5)))
    assert (again.fingerprint, again.value_names) == (first.fingerprint, first.value_names)


def test_its_official_file_is_the_published_one() -> None:
    part = cub200.Cub200()
    assert isinstance(part, Downloadable)
    assert part.official_files()[0].size == 1_150_585_339
    assert sum(cub200._FACTS.num_images.values()) == 11_788


def test_a_missing_archive_is_named_with_the_remedy() -> None:
    with pytest.raises(
        DataError, match=r"no file .*CUB_200_2011\.tgz; download https://data\.caltech.*0c685df"
    ):
        load_dataset("cub200")


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_a_damaged_archive_is_refused(publish: Publish, damage: str) -> None:
    path = publish()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if damage == "flipped" else content[:-50])
    with pytest.raises(DataError, match=r"made-up\.tgz has .* expected; download it again from https"):
        load(path)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"classes.txt": None}, r"holds no member CUB_200_2011/classes\.txt; download"),
        ({"images/003.Crow/c1.jpg": None}, r"holds no member CUB_200_2011/images/003\.Crow/c1\.jpg"),
        (
            {"images/003.Crow/c1.jpg": jpeg(9)[:200]},
            r"holds the member \S+/c1\.jpg, which cannot be decoded; download",
        ),
        ({"images/003.Crow/c1.jpg": b"no image"}, r"c1\.jpg, which cannot be decoded"),
        ({"image_class_labels.txt": "1 1\n2 1\n3 2\n4 3\n"}, r"image_class_labels\.txt without .* number 5"),
        ({"train_test_split.txt": "1 0\n2 1\n4 0\n5 1\n"}, r"train_test_split\.txt without .* number 3"),
        ({"image_class_labels.txt": "1 1\n2 1\n3 2\n4 3\n5 4\n"}, r"label 4, where 1 to 3 are expected"),
        ({"image_class_labels.txt": "1 0\n2 1\n3 2\n4 3\n5 3\n"}, r"label 0, where 1 to 3 are expected"),
        (
            {"image_class_labels.txt": "1 1\n2 2\n3 2\n4 3\n5 3\n"},
            r"001\.Auk/a2\.jpg under .* 002\.Bee_Eater",
        ),
        ({"image_class_labels.txt": "1 x\n2 1\n3 2\n4 3\n5 3\n"}, r"with a word that is no number"),
        ({"train_test_split.txt": "1 1\n2 1\n3 1\n4 0\n5 1\n"}, r"lists 4 images for train, where 3 are"),
        ({"classes.txt": LISTS["classes"] + "4 004.Duck\n"}, r"lists 4 names of class, where 3 are expected"),
        ({"images.txt": LISTS["images"].replace("a2", "a1")}, r"lists the image \S+a1\.jpg twice"),
        ({"images.txt": LISTS["images"] + "6\n"}, r"with the line '6', where 2 words are expected"),
        ({"images.txt": b"\xff\xfe"}, r"the list CUB_200_2011/images\.txt, which is no text"),
        ({"../images/out.jpg": b""}, r"leads out of the archive"),
    ],
)
def test_what_is_wrong_inside_is_named(
    publish: Publish, changed: Mapping[str, str | bytes | None], fault: str
) -> None:
    with pytest.raises(DataError, match=fault):
        load(publish(changed))


@pytest.mark.parametrize(("size", "told"), [(0, "at least 1, found 0"), (1025, "at most 1024, found 1025")])
def test_an_impossible_size_is_refused(size: int, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        load_dataset("cub200", image_size=size)
