from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from detaux.core.errors import DataError
from detaux.data.files.tar_reading import check_end, open_tar

NAMES = ["a/0.png", "a/1.png", "b/2.png"]
MEMBER_BYTES = 1024  # header and content, a block each
CONTENT = b"pixels" * 80


@pytest.fixture
def content() -> bytes:
    """A tar file of three members, then zeros from 3 * MEMBER_BYTES on."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in NAMES:
            member = tarfile.TarInfo(name)
            member.size = len(CONTENT)
            archive.addfile(member, io.BytesIO(CONTENT))
    return stream.getvalue()


def listed(path: Path, content: bytes) -> list[str]:
    path.write_bytes(content)
    with open_tar(path) as archive:
        names = archive.getnames()
        check_end(archive)
    return names


@pytest.mark.parametrize("zeros", [2, 3, 5000])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_a_whole_archive_ends_in_two_or_more_blocks_of_zeros(
    tmp_path: Path, content: bytes, pack: Callable[[bytes], bytes], zeros: int
) -> None:
    whole = content[: 3 * MEMBER_BYTES] + bytes(zeros * tarfile.BLOCKSIZE)
    assert listed(tmp_path / "set", pack(whole)) == NAMES


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("kept", [600, 1024, 1124, 1536, 2048, 3072, 3500, 3584, 4000])
def test_an_archive_cut_anywhere_is_told(
    tmp_path: Path, content: bytes, pack: Callable[[bytes], bytes], kept: int
) -> None:
    with pytest.raises(DataError, match=r"cannot read .*set: .*; fetch or pack it again"):
        listed(tmp_path / "set", pack(content[:kept]))


def test_a_flipped_bit_in_a_header_hides_no_member(tmp_path: Path, content: bytes) -> None:
    for place in range(MEMBER_BYTES, MEMBER_BYTES + tarfile.BLOCKSIZE):
        flipped = bytearray(content)
        flipped[place] ^= 1 << place % 8
        try:
            assert listed(tmp_path / "set", bytes(flipped)) == NAMES
        except DataError as error:
            assert "it ends too early, or is damaged" in str(error)  # noqa: PT017 - some places are mere filling


def test_a_header_of_zeros_is_no_end(tmp_path: Path, content: bytes) -> None:
    zeroed = content[:MEMBER_BYTES] + bytes(tarfile.BLOCKSIZE) + content[MEMBER_BYTES + tarfile.BLOCKSIZE :]
    with pytest.raises(DataError, match="something follows its end"):
        listed(tmp_path / "set", zeroed)


def test_what_follows_the_end_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DataError, match="something follows its end"):
        listed(tmp_path / "set", content + content)


@pytest.mark.parametrize("change", ["damage", "cut"])
def test_the_checksum_of_what_is_compressed_is_verified(tmp_path: Path, content: bytes, change: str) -> None:
    packed = bytearray(gzip.compress(content, compresslevel=0))
    packed[packed.index(b"pixels")] ^= 1
    with pytest.raises(DataError, match=r"CRC check failed|ended before"):
        listed(tmp_path / "set", bytes(packed if change == "damage" else packed[:-8]))


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress])
def test_other_compressions_cut_in_their_last_bytes_are_told(
    tmp_path: Path, content: bytes, pack: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(DataError, match="cannot read"):
        listed(tmp_path / "set", pack(content)[:-4])


@pytest.mark.parametrize(
    "headers",
    [{"GNU.sparse.map": "0,x", "GNU.sparse.size": "10"}, {"GNU.sparse.map": "", "GNU.sparse.size": "1"}],
)
def test_a_map_of_holes_that_is_none_is_told(tmp_path: Path, headers: dict[str, str]) -> None:
    member = tarfile.TarInfo("a/0.png")
    member.pax_headers = headers
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("a/1.png"))
        archive.addfile(member)
    with pytest.raises(DataError, match="cannot read"):
        listed(tmp_path / "set", stream.getvalue())
