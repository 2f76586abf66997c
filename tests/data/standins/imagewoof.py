"""Imagewoof of a few photographs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from detaux.data.sets import imagewoof
from tests.data.standins.writing import as_official, photo, tar_gz

VERSION = "imagewoof2-160"
BREEDS = ("n02086240", "n02088364", "n02099601", "n02115641")


def publish(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    members: Mapping[str, bytes],
    *,
    train: int,
    test: int,
    version: str = VERSION,
) -> Path:
    """Write an archive, and make it the official one, of four breeds and so many photographs."""
    content = {f"{version}/{name}": raw for name, raw in members.items()}
    path = tar_gz(folder / f"made-up-{version}.tgz", content)
    monkeypatch.setitem(imagewoof._FILES, version, as_official(imagewoof._FILES[version], path))
    monkeypatch.setattr(imagewoof, "_NUM_IMAGES", {"train": train, "test": test})
    breeds = {breed: name for breed, name in imagewoof._BREEDS.items() if breed in BREEDS}
    monkeypatch.setattr(imagewoof, "_BREEDS", breeds)
    return path


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 40 photographs of four breeds without colour channels, as some are."""
    members = {
        f"{'train' if number < 28 else 'val'}/{BREEDS[number % 4]}/dog{number}.JPEG": photo(
            6 * number, mode="L"
        )
        for number in range(40)
    }
    return {"path": publish(folder, monkeypatch, members, train=28, test=12), "image_size": 8}
