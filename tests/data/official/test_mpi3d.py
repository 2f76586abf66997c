from __future__ import annotations

import hashlib
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.cache import CacheEntry
from detaux.data.official.file import OfficialFile
from detaux.data.official.mpi3d import RELEASES, Release, open_official
from tests.data.peak_memory import grown_mb

IMAGES = np.random.default_rng(0).integers(0, 256, (2500, 4, 4, 3), dtype=np.uint8)
FILE = OfficialFile(
    name="toy.npz",
    urls=("https://example.org/toy.npz",),
    algorithm="sha256",
    digest=None,
    size=None,
    instead="ask a friend",
)
RELEASE = Release(file=FILE, image_shape=(2500, 4, 4, 3))
pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.fixture(params=["stored", "deflated"])
def npz(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "toy.npz"
    save = np.savez if request.param == "stored" else np.savez_compressed
    save(path, images=IMAGES)
    return path


def published(path: Path) -> Release:
    """Return the release whose digest is that of the file as it is now."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(RELEASE, file=replace(FILE, digest=digest))


def read(path: Path, release: Release = RELEASE) -> CacheEntry:
    return open_official(path, silent, release)


def test_the_images_are_those_of_the_file(npz: Path) -> None:
    told: list[tuple[float, str]] = []
    release = published(npz)
    entry = open_official(npz, lambda *told_now: told.append(told_now), release)
    np.testing.assert_array_equal(entry.array, IMAGES)
    assert isinstance(entry.array, np.memmap)
    assert entry.notes == {"converted_from": str(npz), "sha256": release.file.digest}
    assert told[-4:] == [
        (1.0, "checking toy.npz"),
        (0.4, "converting toy.npz"),
        (0.8, "converting toy.npz"),
        (1.0, "converting toy.npz"),
    ]


def test_once_converted_the_file_is_needed_no_longer(npz: Path) -> None:
    release = published(npz)
    read(npz, release)
    npz.unlink()
    np.testing.assert_array_equal(read(npz, release).array, IMAGES)


def test_where_no_digest_is_published_the_one_found_is_noted(npz: Path) -> None:
    assert read(npz).notes["sha256"] == hashlib.sha256(npz.read_bytes()).hexdigest()


def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"no file .*gone\.npz; download https://.*\(sha256 not published\), or ask a friend"
    ):
        read(tmp_path / "gone.npz")


def test_another_content_is_told_by_the_digest(npz: Path) -> None:
    release = published(npz)
    flip(npz, npz.stat().st_size // 2)
    with pytest.raises(DataError, match=r"toy\.npz has the sha256 .*; download it again from https.*friend"):
        read(npz, release)


def test_a_flipped_bit_is_told_by_the_zip_where_no_digest_is_published(npz: Path) -> None:
    flip(npz, npz.stat().st_size // 2)
    with pytest.raises(DataError, match=r"toy\.npz cannot be read as an npz file .*; download it again"):
        read(npz)


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_truncated_file_is_refused(npz: Path, share: float) -> None:
    npz.write_bytes(npz.read_bytes()[: int(npz.stat().st_size * share)])
    with pytest.raises(DataError, match=r"toy\.npz cannot be read as an npz file .*; download it again"):
        read(npz)


@pytest.mark.parametrize(
    ("arrays", "fault"),
    [
        ({"pictures": IMAGES}, r"cannot be read .*images\.npy"),
        ({"images": IMAGES[:-1]}, r"holds images of uint8 \(2499, 4, 4, 3\), where uint8 \(2500, 4, 4, 3\)"),
        ({"images": IMAGES[..., 0]}, r"holds images of uint8 \(2500, 4, 4\), where"),
        ({"images": IMAGES.astype(np.int16)}, r"holds images of int16 .* where uint8"),
        ({"images": np.asfortranarray(IMAGES)}, r"holds images of uint8 .* by columns, where"),
        ({"images": np.full(IMAGES.shape, None)}, r"holds images of object .* where uint8"),
    ],
)
def test_another_layout_is_refused(
    tmp_path: Path, empty_cache: Path, arrays: dict[str, Any], fault: str
) -> None:
    path = tmp_path / "toy.npz"
    np.savez(path, **arrays)
    with pytest.raises(DataError, match=rf"toy\.npz {fault}.*; download it again"):
        read(path, published(path))
    assert list(empty_cache.rglob("*.npy")) == []


def test_bytes_behind_the_images_are_refused_and_hide_no_damage(npz: Path, empty_cache: Path) -> None:
    with zipfile.ZipFile(npz) as archive:
        content = archive.read("images.npy")
    with zipfile.ZipFile(npz, "w") as archive:
        archive.writestr("images.npy", content + bytes(100))
    with pytest.raises(
        DataError, match=r"toy\.npz holds more behind the array images, .*; download it again"
    ):
        read(npz)
    flip(npz, npz.stat().st_size // 2)
    with pytest.raises(DataError, match=r"toy\.npz (holds more|cannot be read)"):
        read(npz)
    assert list(empty_cache.rglob("*.npy")) == []


def test_too_little_room_is_told_before_the_work(npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100_000))
    told: list[str] = []
    with pytest.raises(DataError, match=r"has 0\.0 GB free, .*toy\.npz take 0\.0 GB; .*DETAUX_CACHE"):
        open_official(npz, lambda _, text: told.append(text), RELEASE)
    assert told == []


def test_the_releases_have_the_published_shapes() -> None:
    assert {name: release.image_shape[0] for name, release in RELEASES.items()} == {
        "toy": 1_036_800,
        "realistic": 1_036_800,
        "real": 1_036_800,
        "complex": 460_800,
    }


_IMPORTS = """
from pathlib import Path
from detaux.core.progress import silent
from detaux.data.official.mpi3d import Release, open_official
from detaux.data.official.file import OfficialFile

FILE = OfficialFile(name="large.npz", urls=("",), algorithm="sha256", digest=None, size=None)
"""


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_images_are_read_in_pieces(tmp_path: Path, save: Any) -> None:
    shape = (5000, 64, 64, 3)  # 61 MB
    path = tmp_path / "large.npz"
    save(path, images=np.broadcast_to(np.arange(64, dtype=np.uint8)[:, None], shape))
    release = f"Release(file=FILE, image_shape={shape})"
    work = f"assert open_official(Path({str(path)!r}), silent, {release}).array.shape == {shape}"
    assert 0 < grown_mb(_IMPORTS, work) < 50
