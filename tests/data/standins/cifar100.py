"""CIFAR-100 of a few images."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.data.sets import cifar100
from tests.data.standins.writing import as_official, tar_gz

TRAIN, TEST = cifar100._ARCHIVE.members


def members(
    planes: NDArray[np.uint8], coarse: NDArray[np.uint8], fine: NDArray[np.uint8], num_train: int
) -> dict[str, bytes]:
    """Lay out images, shape (n, 3, 32, 32), the first ones for training."""
    records = np.concatenate([coarse[:, None], fine[:, None], planes.reshape(len(planes), -1)], axis=1)
    return {TRAIN: records[:num_train].tobytes(), TEST: records[num_train:].tobytes()}


def publish(
    folder: Path, monkeypatch: pytest.MonkeyPatch, content: dict[str, bytes], *, train: int, test: int
) -> Path:
    """Write an archive, and make it the official one, of so many images."""
    path = tar_gz(folder / "made-up.tar.gz", content)
    file = as_official(cifar100._ARCHIVE.file, path)
    counts = {TRAIN: train, TEST: test}
    monkeypatch.setattr(cifar100, "_ARCHIVE", replace(cifar100._ARCHIVE, file=file, members=counts))
    facts = replace(cifar100._FACTS, num_images={"train": train, "test": test})
    monkeypatch.setattr(cifar100, "_FACTS", facts)
    return path


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 60 images of noise, of twelve classes and four groups across them, so that parts by class have all groups."""
    planes = np.random.default_rng(0).integers(0, 256, (60, 3, 32, 32), dtype=np.uint8)
    fine = (np.arange(60) % 12).astype(np.uint8)
    coarse = (np.arange(60) // 12 % 4).astype(np.uint8)
    content = members(planes, coarse, fine, num_train=48)
    return {"path": publish(folder, monkeypatch, content, train=48, test=12)}
