"""Tar files read to their true end, by which a cut or damaged one is told from a whole one."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from detaux.data.files.image_source import reading

_PIECE_BYTES = 1 << 20
_CUT = "it ends too early, or is damaged; members may be missing"


class _Header(tarfile.TarInfo):
    """Header of a member; tarfile takes a damaged one, but for the first, for the end of the archive."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if any(buf):
                raise tarfile.ReadError(_CUT) from error
            raise


@contextmanager
def open_tar(path: Path) -> Iterator[tarfile.TarFile]:
    """Open a tar file of any compression.

    Raises:
        DataError: If it is none, or what is read of it is damaged.
    """
    with reading(path):
        try:
            archive = tarfile.open(path, tarinfo=_Header)  # noqa: SIM115 - it is closed below
        except tarfile.ReadError as error:
            raise tarfile.ReadError("it is no zip file, and no tar file with a whole start") from error
        with archive:
            yield archive


def check_end(archive: tarfile.TarFile) -> None:
    """Check that an archive whose members have all been listed is whole: a second block of zeros, and only zeros.

    What is compressed is read to the end, where its checksum is: without that, nothing verifies it.

    Raises:
        tarfile.ReadError: If it is not.
        OSError, EOFError, lzma.LZMAError: If the checksum is of something else, or missing.
    """
    num_zeros = 0
    while archive.fileobj and (piece := archive.fileobj.read(_PIECE_BYTES)):
        num_zeros += piece.count(0)
        if piece.count(0) < len(piece):
            raise tarfile.ReadError("something follows its end")
    if num_zeros < tarfile.BLOCKSIZE:
        raise tarfile.ReadError(_CUT)
