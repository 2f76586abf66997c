"""CIFAR-10 of a few images in each of its six files."""

from __future__ import annotations

import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.data.sets import cifar10
from tests.data.standins.writing import as_official, tar_gz

MEMBERS = tuple(cifar10._ARCHIVE.members)


def members(planes: NDArray[np.uint8], labels: NDArray[np.uint8]) -> dict[str, bytes]:
    """Lay out images, shape (6 * n, 3, 32, 32), n in each file."""
    records = np.concatenate([labels[:, None], planes.reshape(len(planes), -1)], axis=1)
    return {name: part.tobytes() for name, part in zip(MEMBERS, np.split(records, 6), strict=True)}


def publish(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: Mapping[str, bytes],
    *extra: tarfile.TarInfo,
    each: int,
) -> Path:
    """Write an archive, and make it the official one, of `each` images a file."""
    path = tar_gz(folder / "made-up.tar.gz", content, *extra)
    archive = replace(
        cifar10._ARCHIVE, file=as_official(cifar10._ARCHIVE.file, path), members=dict.fromkeys(MEMBERS, each)
    )
    monkeypatch.setattr(cifar10, "_ARCHIVE", archive)
    facts = replace(cifar10._FACTS, num_images={"train": 5 * each, "test": each})
    monkeypatch.setattr(cifar10, "_FACTS", facts)
    return path


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 60 images of noise, six of each class."""
    planes = np.random.default_rng(0).integers(0, 256, (60, 3, 32, 32), dtype=np.uint8)
    labels = (np.arange(60) % 10).astype(np.uint8)
    return {"path": publish(folder, monkeypatch, members(planes, labels), each=10)}
