"""Oxford Pets of a few photographs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from detaux.data.sets import oxford_pets
from tests.data.standins.writing import as_official, photo, tar_gz

ARCHIVES = {"images": "_IMAGES", "annotations": "_ANNOTATIONS"}
BREEDS = ("Bengal", "great_pyrenees", "Manx", "pug", "Sphynx", "boxer")
"""By number, from 1; cats and dogs take turns."""


def text(lines: Sequence[str]) -> bytes:
    """Write a list."""
    return "".join(f"{line}\n" for line in lines).encode()


def lists(train: Sequence[str], test: Sequence[str]) -> dict[str, bytes]:
    """Write the three lists."""
    return {
        "annotations/list.txt": text(["#Image CLASS-ID SPECIES BREED ID", "#1:37 Class ids", *test, *train]),
        "annotations/trainval.txt": text(train),
        "annotations/test.txt": text(test),
    }


def publish(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    members: Mapping[str, bytes],
    *,
    train: int,
    test: int,
    breeds: int = len(BREEDS),
) -> Path:
    """Write both archives, and make them the official ones, of so many photographs."""
    for stem, attribute in ARCHIVES.items():
        content = {name: raw for name, raw in members.items() if name.startswith(stem)}
        path = tar_gz(folder / f"{stem}.tar.gz", content)
        monkeypatch.setattr(oxford_pets, attribute, as_official(getattr(oxford_pets, attribute), path))
    num_images, num_classes = {"train": train, "test": test}, {"class": breeds, "species": 2}
    facts = replace(oxford_pets._FACTS, num_images=num_images, num_classes=num_classes)
    monkeypatch.setattr(oxford_pets, "_FACTS", facts)
    return folder


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 42 photographs, seven of each breed."""
    names = [f"{BREEDS[number % 6]}_{number}" for number in range(42)]
    lines = [f"{name} {number % 6 + 1} {number % 2 + 1} 1" for number, name in enumerate(names)]
    members = lists(lines[:30], lines[30:])
    members |= {f"images/{name}.jpg": photo(6 * number) for number, name in enumerate(names)}
    return {"path": publish(folder, monkeypatch, members, train=30, test=12), "image_size": 8}
