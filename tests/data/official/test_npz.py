from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.official.file import OfficialFile
from detaux.data.official.npz import npz_pieces

ARRAY = np.random.default_rng(0).integers(0, 256, (50, 8, 8), dtype=np.uint8)
FILE = OfficialFile(
    name="toy.npz", urls=("https://example.org/toy.npz",), algorithm="md5", digest=None, size=None
)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
HEADER = "{'descr': '|u1', 'fortran_order': False, 'shape': (50, 8, 8), }"


def npy(header: str = HEADER, version: tuple[int, int] = (1, 0)) -> bytes:
    text = header.encode("latin1")
    size = struct.pack("<H" if version == (1, 0) else "<I", len(text))
    return b"\x93NUMPY" + bytes(version) + size + text + ARRAY.tobytes()


def write(path: Path, content: bytes, method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("other.npy", b"not read")
        archive.writestr("toy.npy", content)
    return path


def read(path: Path, rows: int = 20) -> list[NDArray[np.uint8]]:
    return list(npz_pieces(path, FILE, "toy", ARRAY.shape, rows=rows))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_pieces_are_the_rows(tmp_path: Path, method: int, version: tuple[int, int]) -> None:
    pieces = read(write(tmp_path / "toy.npz", npy(version=version), method))
    assert [len(piece) for piece in pieces] == [20, 20, 10]
    np.testing.assert_array_equal(np.concatenate(pieces), ARRAY)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("extra", [0, 9999])
def test_a_flipped_bit_is_refused_wherever_it_is(tmp_path: Path, method: int, extra: int) -> None:
    path = write(tmp_path / "toy.npz", npy() + bytes(extra), method)
    content = path.read_bytes()
    start = content.index(b"toy.npy") + len("toy.npy")
    for place in range(start + 41, start + 1600, 41):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(DataError, match=r"toy\.npz (cannot be read|holds) .*; download it again"):
            read(path)


@pytest.mark.parametrize("method", METHODS)
def test_another_checksum_is_refused(tmp_path: Path, method: int) -> None:
    path = write(tmp_path / "toy.npz", npy(), method)
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\1\2") + 16] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be read as an npz file \(Bad CRC-32.*; download it again"):
        read(path)


@pytest.mark.parametrize("method", METHODS)
def test_what_follows_the_array_is_refused(tmp_path: Path, method: int) -> None:
    with pytest.raises(DataError, match=r"toy\.npz holds more behind the array toy, .*; download it again"):
        read(write(tmp_path / "toy.npz", npy() + b"x", method))


@pytest.mark.parametrize(
    "header",
    [
        "'''",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (50,",
        "(" * 3000,
        "{[]:1}",
        "1L\n   x\n y",
        "-" * 5000,
        "\xff\xfe",
        "",
        "7",
        "{'descr': 1, 'fortran_order': 2, 'shape': 3}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': ('|u1', ('a',)), 'fortran_order': False, 'shape': (1,)}",
        "{'descr': [('a', '|u1', (512,))], 'fortran_order': False, 'shape': ()}",
        HEADER + " " * 20_000,
    ],
    ids=lambda header: header[:12],
)
@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_a_header_of_anything_else_is_refused(tmp_path: Path, header: str, version: tuple[int, int]) -> None:
    with pytest.raises(DataError, match=r"(?s)toy\.npz (cannot be read|holds toy of) .*; download it again"):
        read(write(tmp_path / "toy.npz", npy(header, version)))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"no array", "magic string"),
        (b"\x93NUMPY\x03\x00", r"version \(3, 0\)"),
        (b"\x93NUMPY\x01\x00", "EOF"),
        (b"", "EOF"),
        (npy()[:-1], "ends early"),
    ],
)
def test_a_member_that_is_no_whole_array_is_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    with pytest.raises(DataError, match=f"cannot be read as an npz file .*{fault}"):
        read(write(tmp_path / "toy.npz", content))


@pytest.mark.parametrize(("offset", "value"), [(8, 1), (10, 99)], ids=["encrypted", "unknown method"])
def test_a_member_that_cannot_be_unpacked_is_refused(tmp_path: Path, offset: int, value: int) -> None:
    path = write(tmp_path / "toy.npz", npy())
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\1\2") + offset] = value
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"toy\.npz cannot be read as an npz file .*; download it again"):
        read(path)


def test_a_missing_array_and_what_is_no_npz_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "toy.npz", npy())
    with pytest.raises(DataError, match=r"no item named 'pictures\.npy'.*; download it again"):
        list(npz_pieces(path, FILE, "pictures", ARRAY.shape, rows=20))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DataError, match=r"not a zip file.*; download it again"):
        read(path)
