"""Official files of data sets: where they come from, where they are looked for, and whether they are the right ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from detaux.core.errors import DataError
from detaux.core.paths import cache_dir
from detaux.core.progress import Progress, silent

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
    digest: str | None
    """Hexadecimal; None where none was ever published, so that only size and layout can be checked."""
    size: int | None
    """In bytes, where it is published."""
    instead: str = ""
    """What else helps where the file cannot be had, such as `set origin to 'rendered'`."""

    @property
    def default_path(self) -> Path:
        """Where the file is looked for when no path is given."""
        return cache_dir() / self.name

    @property
    def identity(self) -> dict[str, str]:
        """What tells this file from others, as JSON values: for cache facts; its name where no digest is published."""
        return {"name": self.name} if self.digest is None else {self.algorithm: self.digest}


class UnreadableError(DataError):
    """An official file may lie in its place, but the system does not let it be read."""


@runtime_checkable
class Downloadable(Protocol):
    """A registered data set that is made from official files."""

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the files that these options need."""
        ...


def is_there(path: Path) -> bool:
    """Tell whether there is a file.

    Raises:
        UnreadableError: If its folder cannot be looked into.
    """
    with _readable(path):
        return path.is_file()


def absence(path: Path, file: OfficialFile) -> DataError:
    """Return the error for an official file that is missing; the text names the place, the address and the digest."""
    digest = f"{file.algorithm} {file.digest or 'not published'}"
    return DataError(f"there is no file {path}; download {file.urls[0]} there ({digest}){_or(file)}")


def check_official(path: Path, file: OfficialFile, progress: Progress = silent) -> str:
    """Check that a file is there and is the published one.

    Args:
        path: Of the file.
        file: What it must be.
        progress: Hears of the reading, which takes long for large files.

    Returns:
        The digest found, hexadecimal: the published one, where one is published.

    Raises:
        UnreadableError: If it cannot be read; the text names file and fault, such as a permission.
        DataError: If it is missing, of another size or of another content; the text names file and remedy.
    """
    if not is_there(path):
        raise absence(path, file)
    with _readable(path):
        size = path.stat().st_size
        if file.size is not None and size != file.size:
            raise refusal(path, file, f"has {size:,} bytes, where {file.size:,} are expected")
        digest = _digest(path, file.algorithm, progress)
    if file.digest not in {None, digest}:
        raise refusal(path, file, f"has the {file.algorithm} {digest}, where {file.digest} is expected")
    return digest


def refusal(path: Path, file: OfficialFile, what: str) -> DataError:
    """Return the error for an official file that cannot be used."""
    return DataError(f"{path} {what}; download it again from {file.urls[0]}{_or(file)}")


@contextmanager
def reading_as(
    path: Path, file: OfficialFile, title: str, faults: tuple[type[Exception], ...]
) -> Iterator[None]:
    """Turn what goes wrong while an official file is read into its refusal; refusals pass through.

    Args:
        path: Of the file.
        file: What it should be.
        title: What it cannot be read as.
        faults: Errors that a damaged file can raise.
    """
    try:
        yield
    except DataError:
        raise
    except faults as error:
        raise refusal(path, file, f"cannot be read as {title} ({error})") from error


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise UnreadableError(
            f"cannot read {path}: {fault.strerror}; see that you may read it (chmod u+r) and look into its folder"
        ) from fault


def _or(file: OfficialFile) -> str:
    return f", or {file.instead}" if file.instead else ""


def _digest(path: Path, algorithm: str, progress: Progress) -> str:
    digest = hashlib.new(algorithm, usedforsecurity=False)
    size = path.stat().st_size
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE_BYTES):
            digest.update(piece)
            progress(stream.tell() / size, f"checking {path.name}")
    return digest.hexdigest()
