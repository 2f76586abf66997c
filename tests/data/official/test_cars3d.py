from __future__ import annotations

import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.official.cars3d import OFFICIAL, Release, open_official
from tests.data.standins import cars3d as standin
from tests.data.standins.cars3d import mat
from tests.data.standins.writing import link

FACTORS = {"elevation": 2, "azimuth": 3, "object": 4}
STEMS = (
    "car_002_mesh",
    "car_009_mesh",
    "car_001_mesh",
    "car_005_mesh",
)  # not sorted, as list.txt need not be
IMAGES = np.random.default_rng(0).integers(0, 256, (2, 3, 4, 5, 5, 3), dtype=np.uint8)
pytestmark = pytest.mark.usefixtures("empty_cache")


def members() -> dict[str, bytes]:
    return standin.members(STEMS, IMAGES)


def write(path: Path, content: Mapping[str, bytes], *extra: tarfile.TarInfo) -> tuple[Path, Release]:
    return path, standin.write(path, content, *extra, factors=FACTORS, side=5)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cars.tar.gz"


def test_images_lie_at_their_factors(place: Path) -> None:
    told: list[float] = []
    path, release = write(place, members())
    images = open_official(path, lambda share, _: told.append(share), release)
    np.testing.assert_array_equal(images, IMAGES.reshape(24, 5, 5, 3))
    assert isinstance(images, np.memmap)
    assert told == [0.25, 0.5, 0.75, 1.0]


def test_once_converted_the_archive_is_needed_no_longer(place: Path) -> None:
    path, release = write(place, members())
    open_official(path, silent, release)
    path.unlink()
    np.testing.assert_array_equal(open_official(path, silent, release), IMAGES.reshape(24, 5, 5, 3))


def test_a_missing_archive_is_named_with_the_remedy(place: Path) -> None:
    with pytest.raises(
        DataError, match=r"no file .*cars\.tar\.gz; download http://www\.scottreed\.info/.* there"
    ):
        open_official(place, silent, OFFICIAL)


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_damage_is_found_before_anything_is_read(place: Path, damage: str, empty_cache: Path) -> None:
    path, release = write(place, members())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if damage == "flipped" else content[:-100])
    with pytest.raises(DataError, match=r"cars\.tar\.gz has .* expected; download it again from http"):
        open_official(path, silent, release)
    assert list(empty_cache.rglob("*.npy")) == []


CAR = "data/cars/car_001_mesh.mat"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({CAR: mat(np.zeros((5, 5, 3, 3, 2), np.uint8), "pictures")}, f"{CAR} with no im, where im of uint8"),
        ({CAR: mat(np.zeros((5, 5, 3, 2, 3), np.uint8))}, r"im of uint8 \(5, 5, 3, 2, 3\), where"),
        ({CAR: mat(np.zeros((5, 5, 3, 3, 2), np.int16))}, "im of int16 .*, where im of uint8"),
        ({CAR: mat(IMAGES[0])[:300]}, f"{CAR}, which cannot be read as a .mat file"),
        ({CAR: b"no matrix"}, f"{CAR}, which cannot be read as a .mat file"),
        ({"data/cars/list.txt": b"car_001_mesh"}, "names 1 objects in list.txt, where 4"),
        ({"data/cars/list.txt": b"car_001_mesh\n" * 4}, "names 1 objects in list.txt, where 4"),
        ({"data/cars/list.txt": b"a b c d"}, "holds no data/cars/a.mat"),
    ],
)
def test_another_layout_is_refused(
    place: Path, changed: dict[str, Any], fault: str, empty_cache: Path
) -> None:
    path, release = write(place, members() | changed)
    with pytest.raises(DataError, match=rf"cars\.tar\.gz .*{fault}.*download it again from http"):
        open_official(path, silent, release)
    assert list(empty_cache.rglob("*.npy")) == []


def test_an_archive_without_the_list_is_refused(place: Path) -> None:
    content = members()
    del content["data/cars/list.txt"]
    path, release = write(place, content)
    with pytest.raises(DataError, match=r"holds no data/cars/list\.txt; download it again"):
        open_official(path, silent, release)


@pytest.mark.parametrize("name", ["../data/cars/x.mat", "/data/cars/x.mat"])
def test_a_member_that_leads_out_is_refused(place: Path, name: str) -> None:
    path, release = write(place, members(), tarfile.TarInfo(name))
    with pytest.raises(DataError, match=r"cars\.tar\.gz: the member .* leads out of the archive"):
        open_official(path, silent, release)


def test_a_link_is_refused(place: Path) -> None:
    path, release = write(place, members(), link("data/cars/car_007_mesh.mat"))
    with pytest.raises(DataError, match=r"cars\.tar\.gz: the member .* is a link"):
        open_official(path, silent, release)


def test_a_member_that_comes_twice_is_refused(place: Path) -> None:
    info = tarfile.TarInfo(CAR)
    path, release = write(place, members(), info)
    with pytest.raises(DataError, match=f"holds {CAR} twice"):
        open_official(path, silent, release)
