"""CUB-200 of a few photographs."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from detaux.data.sets import cub200
from tests.data.standins.writing import as_official, tar_gz

CLASSES = ("001.Auk", "002.Bee_Eater", "003.Crow")


def jpeg(level: int) -> bytes:
    """Return a wide photograph of one grey level between black edges, which the crop leaves out."""
    photo = Image.new("RGB", (48, 16))
    photo.paste((level, level, level), (8, 0, 40, 16))
    stream = io.BytesIO()
    photo.save(stream, "JPEG", quality=95)
    return stream.getvalue()


def publish(
    folder: Path, monkeypatch: pytest.MonkeyPatch, members: Mapping[str, bytes], *, train: int, test: int
) -> Path:
    """Write an archive, and make it the official one, of three species and so many photographs."""
    path = tar_gz(folder / "made-up.tgz", {f"CUB_200_2011/{name}": raw for name, raw in members.items()})
    num_images, num_classes = {"train": train, "test": test}, {"class": len(CLASSES)}
    facts = replace(cub200._FACTS, num_images=num_images, num_classes=num_classes)
    monkeypatch.setattr(cub200, "_FILE", as_official(cub200._FILE, path))
    monkeypatch.setattr(cub200, "_FACTS", facts)
    return path


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 45 photographs, every third of them a test image, whose species go up one a line."""
    names = [f"{CLASSES[number // 3 % 3]}/bird{number:02d}.jpg" for number in range(45)]
    lists = {
        "images": names,
        "image_class_labels": [f"{number // 3 % 3 + 1}" for number in range(45)],
        "train_test_split": [f"{int(number % 3 != 2)}" for number in range(45)],
        "classes": CLASSES,
    }
    members = {
        f"{name}.txt": "".join(f"{number} {word}\n" for number, word in enumerate(words, start=1)).encode()
        for name, words in lists.items()
    }
    members |= {f"images/{name}": jpeg(5 * number) for number, name in enumerate(names)}
    return {"path": publish(folder, monkeypatch, members, train=30, test=15), "image_size": 8}
