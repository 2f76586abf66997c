"""Made-up data sets whose official files a server on this machine gives."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from typer.testing import CliRunner, Result

from detaux.cli.app import app
from detaux.core.errors import DataError
from detaux.core.progress import Progress
from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from detaux.data.official.file import OfficialFile

CONTENTS = {"one.bin": b"one" * 100_000, "two.bin": b"two" * 100}


@dataclass(frozen=True, kw_only=True, slots=True)
class Toy:
    """A set of up to two official files."""

    licence: ClassVar[str] = "given away"
    num_images: ClassVar[int | None] = None
    base: ClassVar[str] = ""

    count: int = 2
    path: str | None = None

    def __post_init__(self) -> None:
        if self.count > len(CONTENTS):
            raise ValueError(f"count must be at most 2, found {self.count}")

    def official_files(self) -> tuple[OfficialFile, ...]:
        return tuple(official(name) for name in list(CONTENTS)[: self.count])

    def load(self, progress: Progress | None = None) -> Dataset:
        raise DataError(f"never loaded {progress}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered(Toy):
    """A set that can be rendered where its file is not at hand."""

    origin: Literal["auto", "official", "rendered"] = "auto"

    def official_files(self) -> tuple[OfficialFile, ...]:
        return tuple(replace(file, instead="set origin to 'rendered'") for file in Toy.official_files(self))

    def load(self, progress: Progress | None = None) -> Dataset:
        return load_dataset("dsprites", progress=progress, origin="rendered")


@dataclass(frozen=True, kw_only=True, slots=True)
class Unchecked(Toy):
    """A set whose file has neither digest nor size."""

    def official_files(self) -> tuple[OfficialFile, ...]:
        return (official("one.bin", digest=None, size=None),)


def official(name: str, **changes: Any) -> OfficialFile:
    facts: dict[str, Any] = {
        "name": name,
        "urls": (f"{Toy.base}/gone/{name}", f"{Toy.base}/{name}"),
        "algorithm": "sha256",
        "digest": hashlib.sha256(CONTENTS[name]).hexdigest(),
        "size": len(CONTENTS[name]),
    }
    return OfficialFile(**(facts | changes))


def detaux(*words: str) -> Result:
    return CliRunner().invoke(app, ("data", *words))


def row(name: str) -> list[str]:
    """Return the words of a set's line in the list."""
    lines = [line.split() for line in detaux("list").stdout.splitlines()]
    return next(line for line in lines if line[:1] == [name])
