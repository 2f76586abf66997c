from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.official.shapes3d import OFFICIAL, Release, is_at_hand, open_official
from detaux.data.sets.shapes3d import Shapes3d
from tests.data.standins import shapes3d as standin
from tests.data.standins.shapes3d import write_h5

IMAGES = np.random.default_rng(0).integers(0, 256, (2500, 4, 4, 3), dtype=np.uint8)
pytestmark = pytest.mark.usefixtures("empty_cache")


def release_of(path: Path) -> Release:
    return standin.release_of(path, IMAGES)


@pytest.fixture
def h5(tmp_path: Path) -> Path:
    return write_h5(tmp_path / "3dshapes.h5", IMAGES)


def test_the_images_are_those_of_the_file(h5: Path) -> None:
    told: list[float] = []
    images = open_official(h5, lambda share, _: told.append(share), release_of(h5))
    np.testing.assert_array_equal(images, IMAGES)
    assert isinstance(images, np.memmap)
    assert told == [0.4, 0.8, 1.0]


def test_once_converted_the_file_is_needed_no_longer(h5: Path) -> None:
    release = release_of(h5)
    assert not is_at_hand(release)
    open_official(h5, silent, release)
    h5.unlink()
    assert is_at_hand(release)
    np.testing.assert_array_equal(open_official(h5, silent, release), IMAGES)


def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"no file .*gone\.h5; download https://.*, or set origin to 'rendered'"
    ):
        open_official(tmp_path / "gone.h5", silent)


def test_a_truncated_file_is_refused(h5: Path) -> None:
    release = release_of(h5)
    h5.write_bytes(h5.read_bytes()[: h5.stat().st_size // 2])
    with pytest.raises(
        DataError, match=r"3dshapes\.h5 cannot be read as 3dshapes\.h5 .*truncated.*download it again"
    ):
        open_official(h5, silent, release)


def test_a_flipped_bit_is_found(h5: Path) -> None:
    release = release_of(h5)
    content = bytearray(h5.read_bytes())
    content[len(content) // 2] ^= 1
    h5.write_bytes(content)
    with pytest.raises(DataError, match=r"3dshapes\.h5 (has the sha256|cannot be read).*download it again"):
        open_official(h5, silent, release)


def test_a_wrong_shape_is_refused(h5: Path) -> None:
    with pytest.raises(DataError, match=r"holds images of .*2500, 4, 4, 3.* where .*480000, 64, 64, 3"):
        open_official(h5, silent, OFFICIAL)


def test_a_wrong_key_is_refused(tmp_path: Path) -> None:
    path = write_h5(tmp_path / "3dshapes.h5", IMAGES, key="pictures")
    with pytest.raises(DataError, match=r"cannot be read as 3dshapes\.h5 .*images"):
        open_official(path, silent, release_of(path))


def test_the_data_set_tells_its_official_file() -> None:
    assert [file.digest for file in Shapes3d().official_files()] == [OFFICIAL.sha256]
    assert Shapes3d(origin="rendered").official_files() == ()


def test_a_refused_file_leaves_nothing_behind(h5: Path, empty_cache: Path) -> None:
    with pytest.raises(DataError):
        open_official(h5, silent, OFFICIAL)
    assert list(empty_cache.rglob("*.npy")) == []
