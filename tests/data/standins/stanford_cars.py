"""Stanford Cars of a few photographs."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import savemat

from detaux.data.sets import stanford_cars
from tests.data.standins.writing import as_official, photo, tar_gz

ARCHIVES = {"car_devkit.tgz": "devkit/", "cars_train.tgz": "cars_train/", "cars_test.tgz": "cars_test/"}
LABELS = "cars_test_annos_withlabels.mat"
CLASSES = np.array([["Acura RL Sedan 2012", "BMW M3 Coupe 2012", "Fisker Karma Sedan 2012"]], dtype=object)


def matlab(**arrays: object) -> bytes:
    """Write a Matlab file."""
    stream = io.BytesIO()
    savemat(stream, arrays)  # type: ignore[arg-type]  # stubs forget streams
    return stream.getvalue()


def listed(labels: Mapping[str, object], field: str = "class") -> bytes:
    """Write structs as the official files hold them: a box's edge, the class and the file's name."""
    structs = np.zeros((1, len(labels)), dtype=[("bbox_x1", "O"), (field, "O"), ("fname", "O")])
    for place, (name, label) in enumerate(labels.items()):
        structs[0, place] = (7, label, name)
    return matlab(annotations=structs)


def lists(train: Mapping[str, int], test: Mapping[str, int]) -> dict[str, bytes]:
    """Write the kit and the list of the test images."""
    return {
        "devkit/README.txt": b"",
        "devkit/cars_train_annos.mat": listed(train),
        "devkit/cars_meta.mat": matlab(class_names=CLASSES),
        LABELS: listed(test),
    }


def publish(
    folder: Path, monkeypatch: pytest.MonkeyPatch, members: Mapping[str, bytes], *, train: int, test: int
) -> Path:
    """Write all files, and make them the official ones, of three models and so many photographs."""
    for name, prefix in ARCHIVES.items():
        content = {member: raw for member, raw in members.items() if member.startswith(prefix)}
        tar_gz(folder / name, content)
    (folder / LABELS).write_bytes(members[LABELS])
    for attribute in ("_KIT", "_TEST_LIST"):
        file = getattr(stanford_cars, attribute)
        monkeypatch.setattr(stanford_cars, attribute, as_official(file, folder / file.name))
    images = {part: as_official(file, folder / file.name) for part, file in stanford_cars._IMAGES.items()}
    num_images, num_classes = {"train": train, "test": test}, {"class": CLASSES.size}
    facts = replace(stanford_cars._FACTS, num_images=num_images, num_classes=num_classes)
    monkeypatch.setattr(stanford_cars, "_IMAGES", images)
    monkeypatch.setattr(stanford_cars, "_FACTS", facts)
    return folder


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 42 photographs, fourteen of each model; both parts number their files from 1."""
    train, test = ({f"{number + 1:05d}.jpg": number % 3 + 1 for number in range(size)} for size in (30, 12))
    names = [*(f"cars_train/{name}" for name in train), *(f"cars_test/{name}" for name in test)]
    members = lists(train, test) | {name: photo(6 * number) for number, name in enumerate(names)}
    return {"path": publish(folder, monkeypatch, members, train=30, test=12), "image_size": 8}
