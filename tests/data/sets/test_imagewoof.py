from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from detaux.data.official.file import Downloadable
from detaux.data.sets import imagewoof
from tests.data.standins import imagewoof as standin
from tests.data.standins.writing import photo

LEVELS = {
    "val/n02099601/v1": 20,
    "train/n02115641/b": 60,
    "train/n02086240/z": 100,
    "train/n02115641/a": 140,
    "val/n02088364/v2": 180,
}
pytestmark = pytest.mark.usefixtures("empty_cache")

Publish = Callable[..., Path]


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Write an archive of three train and two validation photographs, and make it the official one."""

    def write(changed: Mapping[str, bytes | None] | None = None, version: str = standin.VERSION) -> Path:
        members: dict[str, bytes | None] = {"noisy_imagewoof.csv": b"path,label\n"}
        members |= {f"{name}.JPEG": photo(level, mode="L") for name, level in LEVELS.items()}
        content = {name: raw for name, raw in {**members, **(changed or {})}.items() if raw is not None}
        return standin.publish(tmp_path, monkeypatch, content, train=3, test=2, version=version)

    return write


def load(path: Path, version: str = "imagewoof2-160") -> Dataset:
    return load_dataset("imagewoof", path=str(path), version=version, image_size=8)


def test_each_photograph_has_its_breed_and_part(publish: Publish) -> None:
    dataset = load(publish())
    images = dataset.images(np.arange(5))
    assert images.shape == (5, 8, 8, 3)
    assert images.dtype == np.uint8
    np.testing.assert_allclose(images.mean(axis=(1, 2, 3)), [100, 140, 60, 180, 20], atol=2)
    names = dataset.value_names["class"]
    assert [names[label] for label in dataset.factors(np.arange(5))[:, 0]] == [
        "Shih-Tzu",
        "dingo",
        "dingo",
        "beagle",
        "golden retriever",
    ]
    assert dataset.official_parts["train"].tolist() == [0, 1, 2]
    assert dataset.official_parts["test"].tolist() == [3, 4]


def test_versions_are_sets_of_their_own(publish: Publish) -> None:
    small, large = load(publish()), load(publish(version="imagewoof2-320"), "imagewoof2-320")
    assert (small.name, large.name) == ("imagewoof2-160", "imagewoof2-320")
    assert small.fingerprint != large.fingerprint


def test_once_decoded_the_archive_is_needed_no_longer(publish: Publish) -> None:
    path = publish()
    first = load(path)
    path.unlink()
    again = load(path)
    np.testing.assert_array_equal(again.images(np.arange(5)), first.images(np.arange(5)))
    np.testing.assert_array_equal(again.factors(np.arange(5)), first.factors(np.arange(5)))
    assert again.fingerprint == first.fingerprint


def test_its_official_files_are_the_published_ones() -> None:
    for version in ("imagewoof2-160", "imagewoof2-320"):
        part = imagewoof.Imagewoof(version=version)
        assert isinstance(part, Downloadable)
        assert part.official_files()[0].urls[0].endswith(f"/{version}.tgz")


def test_a_missing_archive_is_named_with_the_remedy() -> None:
    with pytest.raises(DataError, match=r"no file .*imagewoof2-160\.tgz; download https://.*fcd23cc"):
        load_dataset("imagewoof")


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_a_damaged_archive_is_refused(publish: Publish, damage: str) -> None:
    path = publish()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if damage == "flipped" else content[:-50])
    with pytest.raises(DataError, match=r"made-up-\S+ has the md5 .* expected; download it again from https"):
        load(path)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"train/n02115641/a.JPEG": None}, r"lists 2 images for train, where 3 are expected"),
        ({"train/n02086240/z.JPEG": None}, r"holds no image of the breed n02086240; download it again"),
        (
            {"train/n02086240/z.JPEG": None, "train/n02115641/z.JPEG": photo(100)},
            r"holds no image of the breed n02086240; download it again",
        ),
        ({"val/n02088364/v2.JPEG": photo(9)[:200]}, r"n02088364/v2\.JPEG, which cannot be decoded; download"),
        ({"train/n09999999/x.JPEG": photo(9)}, r"n09999999/x\.JPEG, whose folder is no known breed"),
        ({"test/n02086240/x.JPEG": photo(9)}, r"test/n02086240/x\.JPEG, outside imagewoof2-160/train"),
        ({"train/x.JPEG": photo(9)}, r"train/x\.JPEG, outside imagewoof2-160/train"),
        ({"../out.JPEG": b""}, r"leads out of the archive"),
    ],
)
def test_what_is_wrong_inside_is_named(
    publish: Publish, changed: Mapping[str, bytes | None], fault: str
) -> None:
    with pytest.raises(DataError, match=fault):
        load(publish(changed))


def test_impossible_options_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1, found 0"):
        load_dataset("imagewoof", image_size=0)
    with pytest.raises(ValueError, match="at most 1024, found 1025"):
        load_dataset("imagewoof", image_size=1025)
    with pytest.raises(ValueError, match="version must be one of imagewoof2-160, imagewoof2-320, found '2'"):
        imagewoof.Imagewoof(version="2")  # type: ignore[arg-type]  # on purpose
