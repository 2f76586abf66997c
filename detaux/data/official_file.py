"""Official files of data sets: where they come from, where they are looked for, and whether they are the right ones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from detaux.core.errors import DataError
from detaux.core.paths import cache_dir

_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficialFile:
    """One published file, told by its content."""

    name: str
    """File name, as it lies in the cache folder."""
    urls: tuple[str, ...]
    """Where it can be had, the first choice first."""
    algorithm: Literal["sha256", "md5"]
    """Of the digest; md5 only where no stronger one was ever published."""
    digest: str
    """Hexadecimal."""
    size: int | None
    """In bytes, where it is published."""

    @property
    def default_path(self) -> Path:
        """Where the file is looked for when no path is given."""
        return cache_dir() / self.name

    @property
    def identity(self) -> dict[str, str]:
        """What tells this file from others, as JSON values: for cache facts and fingerprints."""
        return {self.algorithm: self.digest}


@runtime_checkable
class Downloadable(Protocol):
    """A registered data set that is made from official files."""

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the files that these options need."""
        ...


def check_official(path: Path, file: OfficialFile) -> None:
    """Check that a file is there and is the published one.

    Raises:
        DataError: If it is missing, of another size or of another content; the text names file and remedy.
    """
    if not path.is_file():
        raise DataError(
            f"there is no file {path}; download {file.urls[0]} there ({file.algorithm} {file.digest})"
        )
    size = path.stat().st_size
    if file.size is not None and size != file.size:
        raise refusal(path, file, f"has {size:,} bytes, where {file.size:,} are expected")
    digest = _digest(path, file.algorithm)
    if digest != file.digest:
        raise refusal(path, file, f"has the {file.algorithm} {digest}, where {file.digest} is expected")


def refusal(path: Path, file: OfficialFile, what: str) -> DataError:
    """Return the error for an official file that cannot be used."""
    return DataError(f"{path} {what}; download it again from {file.urls[0]}")


def _digest(path: Path, algorithm: str) -> str:
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()
