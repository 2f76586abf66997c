from __future__ import annotations

import errno
import math
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.official.shapes3d import OFFICIAL, Release, is_at_hand, open_official
from detaux.data.sets.shapes3d import Shapes3d
from tests.data.standins import shapes3d as standin
from tests.data.standins.shapes3d import labels_of, write_h5

FACTORS = {"floor_hue": 5, "wall_hue": 5, "object_hue": 5, "scale": 5, "shape": 2, "orientation": 2}
IMAGES = np.random.default_rng(0).integers(0, 256, (2500, 4, 4, 3), dtype=np.uint8)
LABELS = labels_of(FACTORS)
pytestmark = pytest.mark.usefixtures("empty_cache")


def release_of(path: Path) -> Release:
    return standin.release_of(path, IMAGES, FACTORS)


@pytest.fixture
def h5(tmp_path: Path) -> Path:
    return write_h5(tmp_path / "3dshapes.h5", IMAGES, LABELS)


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


@pytest.mark.parametrize("damage", ["truncated", "flipped"])
def test_damage_is_told_by_the_digest(h5: Path, damage: str) -> None:
    release = release_of(h5)
    content = bytearray(h5.read_bytes())
    content[len(content) // 2] ^= 1
    h5.write_bytes(content if damage == "flipped" else content[: len(content) // 2])
    with pytest.raises(DataError, match=r"3dshapes\.h5 has the sha256 .* expected; download it again"):
        open_official(h5, silent, release)


Change = Callable[[h5py.File], object]
CHANGES: dict[str, Change] = {
    "empty": lambda archive: archive.__setitem__("images", h5py.Empty("u1")),
    "loop": lambda archive: archive.__setitem__("images", h5py.SoftLink("/images")),
    "group": lambda archive: archive.create_group("images"),
    "type": lambda archive: archive.__setitem__("images", np.dtype("u1")),
    "renamed": lambda archive: archive.create_group("pictures"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_another_file_is_not_opened_and_another_layout_is_refused(h5: Path, change: Change) -> None:
    published = release_of(h5)
    with h5py.File(h5, "a") as archive:
        del archive["images"]
        change(archive)
    with pytest.raises(DataError, match=r"3dshapes\.h5 has the sha256 .*; download it again"):
        open_official(h5, silent, published)
    with pytest.raises(
        DataError, match=r"3dshapes\.h5 (holds images of|cannot be read).*; download it again"
    ):
        open_official(h5, silent, release_of(h5))


def test_a_type_that_no_number_has_is_not_opened(h5: Path) -> None:
    release = release_of(h5)
    content = h5.read_bytes()
    exponent = content.index(b"\x34\x0b\x00\x34\xff\x03\x00\x00")  # of the labels' float64
    h5.write_bytes(content[:exponent] + b"\x00\x00" + content[exponent + 2 :])
    with pytest.raises(DataError, match=r"3dshapes\.h5 has the sha256 .*; download it again"):
        open_official(h5, silent, release)


def test_a_wrong_shape_is_refused(h5: Path) -> None:
    release = replace(release_of(h5), image_shape=(2500, 8, 8, 3))
    with pytest.raises(
        DataError, match=r"holds images of .*2500, 4, 4, 3.* where .*2500, 8, 8, 3.*; download"
    ):
        open_official(h5, silent, release)


@pytest.mark.parametrize(
    ("row", "column", "label", "name"),
    [(0, 3, 0.1, "scale"), (1700, 4, 0.9, "shape"), (2499, 0, np.nan, "floor_hue")],
)
def test_a_label_out_of_the_grid_is_refused(
    tmp_path: Path, row: int, column: int, label: float, name: str
) -> None:
    labels = LABELS.copy()
    labels[row, column] = label
    path = write_h5(tmp_path / "3dshapes.h5", IMAGES, labels)
    with pytest.raises(DataError, match=rf"holds labels of {name} that are not in the order .*; download"):
        open_official(path, silent, release_of(path))


@pytest.mark.parametrize("labels", [LABELS[::-1], LABELS * 0, LABELS[:, ::-1]])
def test_labels_in_another_order_are_refused(tmp_path: Path, labels: NDArray[np.float64]) -> None:
    path = write_h5(tmp_path / "3dshapes.h5", IMAGES, labels)
    with pytest.raises(DataError, match=r"3dshapes\.h5 holds labels of floor_hue that are not in the order"):
        open_official(path, silent, release_of(path))


def test_the_grid_has_every_official_image() -> None:
    assert math.prod(OFFICIAL.factors.values()) == OFFICIAL.image_shape[0] == 480_000


def test_a_file_without_permission_is_not_asked_for_again(h5: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release, opened = release_of(h5), Path.open

    def open_others(path: Path, *options: Any) -> Any:  # tests may run as root, who may read everything
        if path == h5:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(path, *options)

    monkeypatch.setattr(Path, "open", open_others)
    with pytest.raises(DataError, match=rf"^cannot read {h5}: Permission denied; see that you may read it"):
        open_official(h5, silent, release)


def test_the_data_set_tells_its_official_file() -> None:
    assert [file.digest for file in Shapes3d().official_files()] == [OFFICIAL.sha256]
    assert Shapes3d(origin="rendered").official_files() == ()


def test_a_refused_file_leaves_nothing_behind(h5: Path, empty_cache: Path) -> None:
    with pytest.raises(DataError):
        open_official(h5, silent, OFFICIAL)
    assert list(empty_cache.rglob("*.npy")) == []
