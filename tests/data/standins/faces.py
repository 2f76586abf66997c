"""FACES of a few persons."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from detaux.data.sets import faces


def write(folder: Path, persons: Sequence[str]) -> None:
    """Write twelve images a person, whose grey levels go up by one in the order of the names."""
    names = itertools.product(persons, "adfhns", "ab")
    for level, (person, expression, picture) in enumerate(names):
        file = folder / f"{person}_{expression}_{picture}.jpg"
        Image.new("L", (8, 10), level % 256).save(file, quality=100)


def publish(folder: Path, monkeypatch: pytest.MonkeyPatch, persons: Sequence[str]) -> Path:
    """Write the images of persons who then are all that the set has."""
    monkeypatch.setattr(faces, "_NUM_PERSONS", len(persons))
    write(folder, persons)
    return folder


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 96 photographs of eight persons."""
    persons = [f"{number:03d}_{'ymo'[number % 3]}_{'mf'[number % 2]}" for number in range(8)]
    return {"path": publish(folder, monkeypatch, persons), "image_size": 4}
