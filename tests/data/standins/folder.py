"""A small folder of images, and an archive of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image


def write(folder: Path) -> Path:
    """Write train/{ant,bee}/*.png, 20 and 30 of them, and test/{ant,bee}/*.png, 5 each: each image of one grey level."""
    level = 0
    for part, sizes in (("train", (20, 30)), ("test", (5, 5))):
        for name, count in zip(("ant", "bee"), sizes, strict=True):
            place = folder / part / name
            place.mkdir(parents=True)
            for number in range(count):
                Image.new("L", (6, 4), level).save(place / f"{number:03d}.png")
                level += 1
    return folder


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make a folder of 60 images in two official parts."""
    del monkeypatch
    return {"path": write(folder), "image_size": 4}


def make_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make a folder of 50 images without official parts."""
    del monkeypatch
    return {"path": write(folder) / "train", "image_size": 4}
