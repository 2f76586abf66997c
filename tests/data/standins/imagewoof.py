"""Imagewoof of a few photographs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from detaux.data.sets import imagewoof
from tests.data.standins.writing import as_official, photo, tar_gz

VERSION = "imagewoof2-160"


def publish(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    members: Mapping[str, bytes],
    *,
    train: int,
    test: int,
    version: str = VERSION,
) -> Path:
    """Write an archive, and make it the official one, of so many photographs."""
    content = {f"{version}/{name}": raw for name, raw in members.items()}
    path = tar_gz(folder / f"made-up-{version}.tgz", content)
    monkeypatch.setitem(imagewoof._FILES, version, as_official(imagewoof._FILES[version], path))
    monkeypatch.setattr(imagewoof, "_NUM_IMAGES", {"train": train, "test": test})
    return path


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 40 photographs of four breeds without colour channels, as some are."""
    breeds = list(imagewoof._BREEDS)[:4]
    members = {
        f"{'train' if number < 28 else 'val'}/{breeds[number % 4]}/dog{number}.JPEG": photo(
            6 * number, mode="L"
        )
        for number in range(40)
    }
    return {"path": publish(folder, monkeypatch, members, train=28, test=12), "image_size": 8}
