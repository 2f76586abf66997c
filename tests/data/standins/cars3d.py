"""Cars3D of a few cars."""

from __future__ import annotations

import tarfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.io import savemat

from detaux.data.official.cars3d import OFFICIAL, Release
from detaux.data.sets import cars3d
from tests.data.standins.grids import give_factors, noise
from tests.data.standins.writing import as_official, tar_gz

FACTORS = {"elevation": 2, "azimuth": 3, "object": 8}
SIDE = 8


def mat(images: NDArray[np.generic], key: str = "im") -> bytes:
    """Write the images of one car beside something else."""
    stream = BytesIO()
    savemat(stream, {key: images, "mask": np.ones((5, 5, 3, 2))}, do_compression=True)  # type: ignore[arg-type]  # the stubs forget streams
    return stream.getvalue()


def members(stems: Sequence[str], images: NDArray[np.uint8]) -> dict[str, bytes]:
    """Lay out images, by elevation, azimuth and car, as the official archive does: cars by name, the list after them."""
    objects = {stem: mat(images[:, :, place].transpose(2, 3, 4, 1, 0)) for place, stem in enumerate(stems)}
    return {
        "data/sprites/sprites_1.mat": b"not read",
        **{f"data/cars/{stem}.mat": objects[stem] for stem in sorted(stems)},
        "data/cars/list.txt": "\n".join(stems).encode() + b"\n",
    }


def write(
    path: Path,
    content: Mapping[str, bytes],
    *extra: tarfile.TarInfo,
    factors: Mapping[str, int],
    side: int,
) -> Release:
    """Write an archive, and return the release that it would be."""
    tar_gz(path, content, *extra)
    return Release(file=as_official(OFFICIAL.file, path), factors=factors, side=side)


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make an archive of 48 images of noise, its cars listed in another order than that of their names."""
    images = noise(FACTORS, SIDE, SIDE, 3).reshape(*FACTORS.values(), SIDE, SIDE, 3)
    stems = [f"car_{number:03d}_mesh" for number in (7, 2, 5, 1, 8, 3, 6, 4)]
    path = folder / "made-up.tar.gz"
    release = write(path, members(stems, images), factors=FACTORS, side=SIDE)
    monkeypatch.setattr(cars3d, "OFFICIAL", release)
    give_factors(cars3d, monkeypatch, FACTORS)
    return {"path": path, "image_size": SIDE}
