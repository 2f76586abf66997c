from __future__ import annotations

import os
from pathlib import Path

import pytest

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.files.folder_source import FolderSource
from detaux.data.files.image_source import LARGEST_IMAGE_BYTES, DamagedImageError


def damage_of(source: FolderSource, name: str) -> str:
    content = dict(source.read([name]))[name]
    assert isinstance(content, DamagedImageError)
    return str(content)


def test_a_link_to_a_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "1.png").write_bytes(b"one")
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "ant").symlink_to(tmp_path / "elsewhere")
    source = FolderSource(tmp_path / "set")
    assert source.names() == ["ant/", "ant/1.png"]
    assert dict(source.read(["ant/1.png"])) == {"ant/1.png": b"one"}


def test_links_that_lead_back_are_not_followed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.png").write_bytes(b"one")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "over").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "over").symlink_to(tmp_path / "a")
    images = [name for name in FolderSource(tmp_path).names() if name.endswith(".png")]
    assert sorted(images) == ["a/1.png", "a/over/1.png", "b/1.png", "b/over/1.png"]


def test_what_is_no_file_has_no_content_and_does_not_wait_for_any(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "link.png").symlink_to("nowhere.png")
    (tmp_path / "loop.png").symlink_to("loop.png")
    source = FolderSource(tmp_path)
    assert sorted(source.names()) == ["link.png", "loop.png", "pipe.png"]
    assert damage_of(source, "pipe.png") == "is no regular file; remove it"
    assert damage_of(source, "link.png").startswith("is a link to nothing")
    assert damage_of(source, "loop.png").startswith("is a link to nothing")


def test_a_file_too_large_for_an_image_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large.png").open("wb") as stream:
        stream.truncate(LARGEST_IMAGE_BYTES + 1)
    assert "has 268,435,457 bytes" in damage_of(FolderSource(tmp_path), "large.png")


def test_a_file_that_cannot_be_read_is_damaged_alone(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(b"one")
    (tmp_path / "2.png").symlink_to(
        "/proc/self/mem"
    )  # of which the system reads no first byte, for root either
    source = FolderSource(tmp_path)
    assert damage_of(source, "2.png") == "cannot be read: Input/output error; mend its permissions"
    assert dict(source.read(["1.png"])) == {"1.png": b"one"}
    before = source.content_hash(lambda _: True, silent)
    (tmp_path / "2.png").unlink()
    (tmp_path / "2.png").write_bytes(b"two")
    assert source.content_hash(lambda _: True, silent) != before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_damaged_alone(tmp_path: Path) -> None:
    (tmp_path / "1.png").touch(mode=0)
    assert (
        damage_of(FolderSource(tmp_path), "1.png")
        == "cannot be read: Permission denied; mend its permissions"
    )


def test_the_hash_changes_when_a_damaged_file_is_mended(tmp_path: Path) -> None:
    (tmp_path / "1.png").symlink_to("nowhere.png")
    before = FolderSource(tmp_path).content_hash(lambda _: True, silent)
    (tmp_path / "nowhere.png").write_bytes(b"somewhere")
    assert FolderSource(tmp_path).content_hash(lambda name: name == "1.png", silent) != before


@pytest.mark.parametrize("name", [b"\xff.png", b"\xff/1.png", b"\xff/"])
def test_a_name_that_is_not_utf8_is_told(tmp_path: Path, name: bytes) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - pathlib takes no bytes
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 - likewise
    if not name.endswith(b"/"):
        Path(os.fsdecode(path)).write_bytes(b"")
    with pytest.raises(DataError, match=r"the name '\\udcff.*' is not UTF-8; rename"):
        FolderSource(tmp_path).content_hash(lambda name: name.endswith(".png"), silent)


def test_a_text_beside_may_have_any_name(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_bytes(b"")
    FolderSource(tmp_path).content_hash(lambda name: name.endswith(".png"), silent)
