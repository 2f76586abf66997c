from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.files.open_source import open_source

FILES = {"a/1.png": b"one", "a/2.png": b"two", "b/x.txt": b"text"}


def make_folder(root: Path) -> Path:
    for name, content in FILES.items():
        (root / "set" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "set" / name).write_bytes(content)
    return root / "set"


def make_zip(root: Path) -> Path:
    with zipfile.ZipFile(root / "set.zip", "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return root / "set.zip"


def make_tar(root: Path) -> Path:
    folder = make_folder(root)
    with tarfile.open(root / "set.tar.xz", "w:xz") as archive:
        archive.add(folder, arcname=".")
    return root / "set.tar.xz"


@pytest.mark.parametrize("make", [make_folder, make_zip, make_tar])
def test_names_and_contents_are_those_of_the_files(tmp_path: Path, make: type) -> None:
    source = open_source(make(tmp_path))
    assert sorted(name for name in source.names() if not name.endswith("/")) == sorted(FILES)
    assert dict(source.read({"a/2.png", "b/x.txt"})) == {"a/2.png": b"two", "b/x.txt": b"text"}


def test_the_hash_of_a_folder_is_that_of_the_wanted_files(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    source = open_source(folder)

    def hash_of_images() -> str:
        return source.content_hash(lambda name: name.endswith(".png"), silent)

    before = hash_of_images()
    (folder / "b/x.txt").write_bytes(b"another text")
    assert hash_of_images() == before
    (folder / "a/1.png").write_bytes(b"another")
    assert hash_of_images() != before


def tar_with(path: Path, member: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as archive:
        archive.addfile(member, io.BytesIO(b""))
    return path


@pytest.mark.parametrize("name", ["../out.png", "a/../../out.png", "/etc/out.png", "..\\out.png"])
def test_a_member_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr(name, b"")
    for path in (tar_with(tmp_path / "set.tar", tarfile.TarInfo(name)), tmp_path / "set.zip"):
        with pytest.raises(DataError, match="leads out of the archive"):
            open_source(path).names()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_link_or_device_in_a_tar_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("a/link.png")
    member.type, member.linkname = kind, "a/1.png"
    with pytest.raises(DataError, match=r"'a/link\.png' is a link or a device"):
        open_source(tar_with(tmp_path / "set.tar", member)).names()


def test_a_link_in_a_zip_file_is_refused(tmp_path: Path) -> None:
    member = zipfile.ZipInfo("a/link.png")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr(member, "a/1.png")
    with pytest.raises(DataError, match="is a link"):
        open_source(tmp_path / "set.zip").names()


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_a_truncated_archive_is_named(tmp_path: Path, make: type) -> None:
    path: Path = make(tmp_path)
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(DataError, match=f"cannot read {path}"):
        open_source(path).names()
