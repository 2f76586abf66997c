from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.official.small_norb import FACTORS, OFFICIAL, Part, open_official
from detaux.data.official.small_norb_matrix import INT32, UINT8, matrix
from tests.data.standins.small_norb import SIDE, file_of, pixels, write, write_part

SIZES = tuple(FACTORS.values())
pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Part]]:
    folder = tmp_path_factory.mktemp("norb")
    return folder, {
        name: write_part(folder, name, FACTORS, seed=seed) for seed, name in enumerate(("train", "test"))
    }


def test_left_images_lie_at_their_factors(release: tuple[Path, dict[str, Part]]) -> None:
    folder, parts = release
    told: list[float] = []
    images = open_official(folder, lambda share, _: told.append(share), parts, side=SIDE)
    factors = np.stack(np.unravel_index(np.arange(48_600), SIZES), axis=1)
    np.testing.assert_array_equal(images, pixels(factors, SIZES))
    assert isinstance(images, np.memmap)
    assert told == [0.5, 1.0]


def test_once_converted_the_files_are_needed_no_longer(
    release: tuple[Path, dict[str, Part]], tmp_path: Path
) -> None:
    folder, parts = release
    images = open_official(folder, silent, parts, side=SIDE)
    np.testing.assert_array_equal(open_official(tmp_path / "gone", silent, parts, side=SIDE), images)


def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"no file .*training-dat\.mat\.gz; download https://.* there \(sha256 5ffd"
    ):
        open_official(tmp_path, silent, OFFICIAL)


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_damage_is_found(release: tuple[Path, dict[str, Part]], tmp_path: Path, damage: str) -> None:
    folder, parts = release
    for part in parts.values():
        for file in part.files:
            (tmp_path / file.name).write_bytes((folder / file.name).read_bytes())
    place = tmp_path / "test-dat.mat.gz"
    content = bytearray(place.read_bytes())
    content[1000] ^= 1
    place.write_bytes(content if damage == "flipped" else content[:-1])
    with pytest.raises(DataError, match=r"test-dat\.mat\.gz has .*expected; download it again from https"):
        open_official(tmp_path, silent, parts, side=SIDE)


def test_a_view_that_is_missing_is_told(release: tuple[Path, dict[str, Part]], empty_cache: Path) -> None:
    folder, parts = release
    swapped = {"train": replace(parts["train"], cat=parts["test"].cat), "test": parts["test"]}
    with pytest.raises(DataError, match=r"train-info\.mat\.gz and test-cat\.mat\.gz do not show every view"):
        open_official(folder, silent, swapped, side=SIDE)
    assert list(empty_cache.rglob("*.npy")) == []


def test_a_matrix_of_few_axes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "few.mat.gz"
    file = write(path, np.array([3, 1, 2], dtype="<i4"), INT32)
    assert matrix(path, file, INT32, (3,)).tolist() == [3, 1, 2]


@pytest.mark.parametrize(
    ("magic", "shape", "fault"),
    [
        (UINT8, (4, 3), "of type 0x1e3d4c54 and shape .*, where 0x1e3d4c55"),
        (INT32, (3, 4), r"shape \(4, 3\), where 0x1e3d4c54 and \(3, 4\)"),
        (INT32, (4, 3, 1), r"shape \(4, 3\), where"),
    ],
)
def test_another_matrix_is_refused(tmp_path: Path, magic: int, shape: tuple[int, ...], fault: str) -> None:
    path = tmp_path / "a.mat.gz"
    file = write(path, np.zeros((4, 3), dtype="<i4"), INT32)
    with pytest.raises(DataError, match=rf"a\.mat\.gz holds a matrix .*{fault}.*download it again"):
        matrix(path, file, magic, shape)


@pytest.mark.parametrize("ndim", [0, 2_000_000_000])
def test_an_impossible_header_is_refused(tmp_path: Path, ndim: int) -> None:
    path = tmp_path / "a.mat.gz"
    path.write_bytes(gzip.compress(np.array([UINT8, ndim, 1, 1, 1], dtype="<i4").tobytes()))
    with pytest.raises(DataError, match=rf"a\.mat\.gz cannot be read .*{ndim} axes"):
        matrix(path, file_of(path), UINT8, (1,))


def test_a_matrix_that_ends_early_or_is_no_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mat.gz"
    path.write_bytes(gzip.compress(np.array([UINT8, 1, 9, 1, 1], dtype="<i4").tobytes() + b"123"))
    with pytest.raises(DataError, match=r"a\.mat\.gz cannot be read .*ends early.*download it again"):
        matrix(path, file_of(path), UINT8, (9,))
    path.write_bytes(b"<html>")
    with pytest.raises(DataError, match=r"a\.mat\.gz cannot be read .*gzip"):
        matrix(path, file_of(path), UINT8, (9,))
