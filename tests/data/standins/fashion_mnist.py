"""Fashion-MNIST of a few images."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.data.sets import fashion_mnist
from tests.data.standins.writing import as_official

TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"
TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"


def idx(array: NDArray[np.uint8]) -> bytes:
    """Write an array as an IDX file."""
    return struct.pack(f">I{array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


def members(images: NDArray[np.uint8], labels: NDArray[np.uint8], num_train: int) -> dict[str, bytes]:
    """Lay out images, shape (n, 28, 28), the first ones for training."""
    arrays = {
        TRAIN_IMAGES: images[:num_train],
        TRAIN_LABELS: labels[:num_train],
        TEST_IMAGES: images[num_train:],
        TEST_LABELS: labels[num_train:],
    }
    return {name: gzip.compress(idx(array)) for name, array in arrays.items()}


def publish(
    folder: Path, monkeypatch: pytest.MonkeyPatch, content: Mapping[str, bytes], *, train: int, test: int
) -> Path:
    """Write the four files, and make them the official ones, of so many images."""
    for name, data in content.items():
        (folder / name).write_bytes(data)
    files = {
        part: tuple(as_official(file, folder / file.name.removeprefix("fashion-mnist-")) for file in pair)
        for part, pair in fashion_mnist._FILES.items()
    }
    monkeypatch.setattr(fashion_mnist, "_FILES", files)
    facts = replace(fashion_mnist._FACTS, num_images={"train": train, "test": test})
    monkeypatch.setattr(fashion_mnist, "_FACTS", facts)
    return folder


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 60 images of noise, six of each class."""
    images = np.random.default_rng(0).integers(0, 256, (60, 28, 28), dtype=np.uint8)
    labels = (np.arange(60) % 10).astype(np.uint8)
    content = members(images, labels, num_train=40)
    return {"path": publish(folder, monkeypatch, content, train=40, test=20)}
