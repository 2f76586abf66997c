"""A small grid of 3D Shapes, rendered, and an official file of few images."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.hashing import file_hash
from detaux.data.official.shapes3d import Release, open_official
from detaux.data.sets import shapes3d
from tests.data.standins.grids import give_factors, noise

FACTORS = {"floor_hue": 2, "wall_hue": 3, "object_hue": 2, "scale": 2, "shape": 4, "orientation": 2}


def write_h5(path: Path, images: NDArray[np.uint8], labels: NDArray[np.float64]) -> Path:
    """Write images and labels as the official file holds them."""
    with h5py.File(path, "w") as archive:
        archive.create_dataset("images", data=images, chunks=(1, *images.shape[1:]), compression="gzip")
        archive["labels"] = labels
    return path


def labels_of(factors: Mapping[str, int]) -> NDArray[np.float64]:
    """Return the label of each factor, growing in tenths, of every combination, the last factor fastest."""
    grid = np.indices(tuple(factors.values())).reshape(len(factors), -1).T
    return grid / 10


def release_of(path: Path, images: NDArray[np.uint8], factors: Mapping[str, int]) -> Release:
    """Return the release that the file at `path`, of these images, would be."""
    shape = images.shape
    return Release(sha256=file_hash(path), image_shape=(shape[0], shape[1], shape[2], 3), factors=factors)


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Choose 192 rendered images."""
    del folder, monkeypatch
    levels = {"floor_hue": 2, "wall_hue": 2, "object_hue": 2, "scale": 2, "orientation": 3}
    return {"origin": "rendered", "levels": levels, "image_size": 64}


def make_official(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make an official file of 192 images of noise."""
    images = noise(FACTORS, 64, 64, 3)
    path = write_h5(folder / "made-up.h5", images, labels_of(FACTORS))
    release = release_of(path, images, FACTORS)
    monkeypatch.setattr(shapes3d, "OFFICIAL", release)
    monkeypatch.setattr(shapes3d, "open_official", partial(open_official, release=release))
    give_factors(shapes3d, monkeypatch, FACTORS)
    return {"path": path, "image_size": 16}
