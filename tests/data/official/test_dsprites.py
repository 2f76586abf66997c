from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.official.dsprites import OFFICIAL, Release, is_at_hand, open_official
from tests.data.standins.dsprites import write_npz
from tests.data.standins.writing import as_official

IMAGES = np.random.default_rng(0).integers(0, 2, (5000, 4, 4), dtype=np.uint8)
pytestmark = pytest.mark.usefixtures("empty_cache")


def release_of(path: Path) -> Release:
    return Release(file=as_official(OFFICIAL.file, path), shape=(5000, 4, 4))


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    return write_npz(tmp_path / "sprites.npz", IMAGES)


def test_the_images_are_those_of_the_file_in_0_and_255(npz: Path) -> None:
    told: list[float] = []
    images = open_official(npz, lambda share, _: told.append(share), release_of(npz))
    np.testing.assert_array_equal(images, 255 * IMAGES)
    assert isinstance(images, np.memmap)
    assert told == [4096 / 5000, 1.0]


def test_once_converted_the_file_is_needed_no_longer(npz: Path) -> None:
    release = release_of(npz)
    assert not is_at_hand(release)
    open_official(npz, silent, release)
    npz.unlink()
    assert is_at_hand(release)
    np.testing.assert_array_equal(open_official(npz, silent, release), 255 * IMAGES)


def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(
        DataError,
        match=r"no file .*gone\.npz; download https://.*dsprites.*\.npz there .*, or set origin to 'rendered'",
    ):
        open_official(tmp_path / "gone.npz", silent, OFFICIAL)


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_damage_is_found_before_anything_is_read(npz: Path, damage: str, empty_cache: Path) -> None:
    release = release_of(npz)
    content = bytearray(npz.read_bytes())
    content[len(content) // 2] ^= 1
    npz.write_bytes(content if damage == "flipped" else content[: len(content) // 2])
    with pytest.raises(DataError, match=r"sprites\.npz has the md5 .*download it again from h"):
        open_official(npz, silent, release)
    assert list(empty_cache.rglob("*.npy")) == []


@pytest.mark.parametrize(
    ("images", "key", "fault"),
    [
        (IMAGES, "pictures", "cannot be read as an npz file .*imgs"),
        (IMAGES[:4999], "imgs", r"uint8 \(4999, 4, 4\), where uint8 \(5000, 4, 4\)"),
        (IMAGES.astype(np.int16), "imgs", "imgs of int16 .* where uint8"),
        (np.asfortranarray(IMAGES), "imgs", "by columns, where"),
        (IMAGES + np.uint8(1), "imgs", "holds 2 in imgs, where 0 and 1"),
    ],
)
def test_another_layout_is_refused(tmp_path: Path, images: NDArray[np.generic], key: str, fault: str) -> None:
    path = write_npz(tmp_path / "sprites.npz", images, key)
    with pytest.raises(DataError, match=rf"sprites\.npz .*{fault}.*download it again from https"):
        open_official(path, silent, release_of(path))


def test_what_is_no_npz_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sprites.npz"
    path.write_bytes(b"<html>moved</html>")
    with pytest.raises(DataError, match=r"sprites\.npz cannot be read as an npz file .*not a zip"):
        open_official(path, silent, release_of(path))
