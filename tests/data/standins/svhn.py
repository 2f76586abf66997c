"""SVHN of a few images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.io import savemat

from detaux.data.sets import svhn
from tests.data.standins.writing import as_official

TRAIN, TEST = "train_32x32.mat", "test_32x32.mat"


def arrays(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> dict[str, Any]:
    """Lay out images, shape (n, 32, 32, 3), along the last axis, as published."""
    return {"X": images.transpose(1, 2, 3, 0), "y": labels[:, None]}


def publish(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: Mapping[str, Mapping[str, Any] | bytes],
    *,
    train: int,
    test: int,
) -> Path:
    """Write both files, and make them the official ones, of so many images."""
    for name, held in content.items():
        if isinstance(held, bytes):
            (folder / name).write_bytes(held)
        else:
            savemat(folder / name, dict(held), do_compression=True)
    files = {
        part: as_official(file, folder / file.name.removeprefix("svhn-"))
        for part, file in svhn._FILES.items()
    }
    monkeypatch.setattr(svhn, "_FILES", files)
    monkeypatch.setattr(svhn, "_FACTS", replace(svhn._FACTS, num_images={"train": train, "test": test}))
    return folder


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 60 images of noise, six of each digit."""
    images = np.random.default_rng(0).integers(0, 256, (60, 32, 32, 3), dtype=np.uint8)
    labels = (np.arange(60) % 10 + 1).astype(np.uint8)
    content = {TRAIN: arrays(images[:40], labels[:40]), TEST: arrays(images[40:], labels[40:])}
    return {"path": publish(folder, monkeypatch, content, train=40, test=20)}
