from __future__ import annotations

import io
import struct
import tarfile
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import pytest

from detaux.core.errors import DataError
from detaux.data.files.image_source import DamagedImageError
from detaux.data.files.open_source import open_source

CENTRAL = b"PK\x01\x02"  # starts the directory's entry of a member
VERSION, FLAGS, METHOD, SIZE = 6, 8, 10, 24  # where it holds what


def zip_of(path: Path, content: bytes = b"one", name: str = "a/1.png") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def patched(path: Path, offset: int, code: str, value: int) -> Path:
    """Overwrite a number in the directory's entry of the only member."""
    content = bytearray(path.read_bytes())
    struct.pack_into(code, content, content.rindex(CENTRAL) + offset, value)
    path.write_bytes(content)
    return path


def test_a_zip_member_that_declares_too_much_is_not_read(tmp_path: Path) -> None:
    path = patched(zip_of(tmp_path / "set.zip"), SIZE, "<I", 1 << 30)
    content = dict(open_source(path).read({"a/1.png"}))["a/1.png"]
    assert isinstance(content, DamagedImageError)
    assert "has 1,073,741,824 bytes, and at most 268,435,456 are read" in str(content)


def test_a_tar_member_that_declares_too_much_is_not_read(tmp_path: Path) -> None:
    member = tarfile.TarInfo("a/1.png")
    member.size = 1 << 30
    (tmp_path / "set.tar").write_bytes(member.tobuf() + bytes(10_240))
    content = next(iter(open_source(tmp_path / "set.tar").read({"a/1.png"})))[1]
    assert isinstance(content, DamagedImageError)
    assert "has 1,073,741,824 bytes" in str(content)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_no_more_is_unpacked_than_a_zip_member_declares(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "set.zip", "w", method) as archive:
        archive.writestr("a/1.png", bytes(100_000_000))
    path = patched(tmp_path / "set.zip", SIZE, "<I", 10)
    tracemalloc.start()
    with pytest.raises(DataError, match="Bad CRC-32"):
        dict(open_source(path).read({"a/1.png"}))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


def test_a_zip_member_of_many_pieces_is_read_whole(tmp_path: Path) -> None:
    content = bytes(range(256)) * 100
    source = open_source(zip_of(tmp_path / "set.zip", content))
    assert dict(source.read({"a/1.png"})) == {"a/1.png": content}


def test_an_encrypted_zip_is_told(tmp_path: Path) -> None:
    path = patched(zip_of(tmp_path / "set.zip"), FLAGS, "<H", 1)
    with pytest.raises(DataError, match=r"'a/1\.png' is encrypted; pack the images again without a password"):
        open_source(path).names()


def test_an_unknown_compression_is_told(tmp_path: Path) -> None:
    path = patched(zip_of(tmp_path / "set.zip"), METHOD, "<H", 99)
    with pytest.raises(DataError, match=r"'a/1\.png' is compressed by the unknown method 99; pack"):
        open_source(path).names()


@pytest.mark.parametrize("name", ["C:\\a\\x.png", "C:a/x.png", "C:/a/x.png", "\\\\server\\share\\x.png"])
def test_a_name_with_a_drive_leads_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="leads out of the archive"):
        open_source(zip_of(tmp_path / "set.zip", name=name)).names()


def test_a_colon_alone_leads_nowhere(tmp_path: Path) -> None:
    assert open_source(zip_of(tmp_path / "set.zip", name="ant/at 12:30.png")).names() == ["ant/at 12:30.png"]


def test_a_member_whose_name_is_not_utf8_is_told(tmp_path: Path) -> None:
    member = tarfile.TarInfo("a/\udcff.png")
    with tarfile.open(tmp_path / "set.tar", "w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(member, io.BytesIO(b""))
    with pytest.raises(DataError, match=r"'a/\\udcff\.png' has a name that is not UTF-8; pack"):
        open_source(tmp_path / "set.tar").names()


def test_what_is_no_archive_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "set.zip").write_bytes(b"no archive")
    with pytest.raises(DataError, match=r"\Acannot read .*: it is no zip file, and no tar file .*\Z"):
        open_source(tmp_path / "set.zip").names()


@pytest.mark.parametrize("again", ["a/0.png", "./a/0.png", "a//0.png", "a\\0.png", "a/./0.png"])
def test_a_file_that_is_there_twice_is_told(tmp_path: Path, again: str) -> None:
    with tarfile.open(tmp_path / "set.tar", "w") as tar, zipfile.ZipFile(tmp_path / "set.zip", "w") as packed:
        for name in ("a/0.png", "b/1.png"):
            tar.addfile(tarfile.TarInfo(name))
            packed.writestr(name, b"")
        tar.addfile(tarfile.TarInfo(again))
        with warnings.catch_warnings(action="ignore"):
            packed.writestr(again, b"")
    for path in (tmp_path / "set.tar", tmp_path / "set.zip"):
        with pytest.raises(DataError, match=r"'a/0\.png' is there 2 times; pack the images again with each"):
            open_source(path).names()


def test_a_folder_may_be_there_twice(tmp_path: Path) -> None:
    folder = tarfile.TarInfo("a")
    folder.type = tarfile.DIRTYPE
    with tarfile.open(tmp_path / "set.tar", "w") as archive:
        archive.addfile(folder)
        archive.addfile(folder)
    assert open_source(tmp_path / "set.tar").names() == ["a/", "a/"]


def test_a_cut_tar_is_told_before_any_image_is_read(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "set.tar", "w") as archive:
        for name in ("a/0.png", "b/1.png"):
            archive.addfile(tarfile.TarInfo(name))
    (tmp_path / "set.tar").write_bytes((tmp_path / "set.tar").read_bytes()[:512])
    with pytest.raises(DataError, match=rf"cannot read {tmp_path}/set\.tar: it ends too early"):
        open_source(tmp_path / "set.tar").names()


def test_a_zip_of_an_unknown_version_is_told(tmp_path: Path) -> None:
    path = patched(zip_of(tmp_path / "set.zip"), VERSION, "<H", 255)
    with pytest.raises(DataError, match=r"cannot read .*: zip file version 25\.5; fetch or pack it again"):
        open_source(path).names()
