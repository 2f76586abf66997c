"""A small grid of MPI3D, rendered, and official files of few images."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.data.official.mpi3d import RELEASES
from detaux.data.rendering.mpi3d import prepare, scene
from detaux.data.rendering.mpi3d.arm import pose
from detaux.data.rendering.mpi3d.compose import Composer, RenderedMpi3d
from detaux.data.sets.mpi3d import FACTS

SIMPLE = {
    "object_color": 2,
    "object_shape": 2,
    "object_size": 2,
    "camera_height": 3,
    "background_color": 3,
    "horizontal_axis": 3,
    "vertical_axis": 4,
}
SIZES = {"toy": SIMPLE, "complex": {**SIMPLE, "object_color": 3, "vertical_axis": 5}}


class DrawnWhenAsked:
    """Sprites by geometry, drawn when first asked for, in the place of the array of all."""

    def __getitem__(self, numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
        places = [divmod(number, prepare.VIEWS) for number in numbers.tolist()]
        return np.stack([self._view(view)[kind] for kind, view in places])

    @staticmethod
    @cache
    def _view(number: int) -> tuple[NDArray[np.uint8], ...]:
        camera, axes = divmod(number, prepare.POSES)
        return tuple(prepare._sprites(pose(*divmod(axes, scene.AXIS_STEPS)), camera))


@cache
def composer() -> Composer:
    """Return one that draws few sprites, since all of them take a minute."""
    return Composer(cast("Any", DrawnWhenAsked()))


def write_npz(path: Path, factors: Mapping[str, int]) -> tuple[int, int, int, int]:
    """Write an official file: odd rows of image n are n // 256, n % 256 ^ 2 and 2, even ones n // 256, n % 256, 0."""
    count = math.prod(factors.values())
    number = np.arange(count)
    colours = np.stack([number // 256, number % 256, 0 * number], axis=-1).astype(np.uint8)
    images = np.broadcast_to(colours[:, None, None], (count, 64, 64, 3)).copy()
    images[:, 1::2] ^= 2
    np.savez_compressed(path, images=images)
    return count, 64, 64, 3


def publish(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a small file of toy and one of complex, under their own names, and make them the official ones."""
    for version, factors in SIZES.items():
        file = replace(RELEASES[version].file, digest=None, algorithm="sha256")
        shape = write_npz(folder / file.name, factors)
        monkeypatch.setitem(RELEASES, version, replace(RELEASES[version], file=file, image_shape=shape))
        monkeypatch.setitem(FACTS, version, replace(FACTS[version], factors=factors, value_names={}))
    return folder


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Choose 64 rendered images, whose sprites are kept in no cache."""
    del folder
    monkeypatch.setattr(RenderedMpi3d, "_composer", composer())
    levels = {**dict.fromkeys(SIMPLE, 2), "camera_height": 1}
    return {"origin": "rendered", "levels": levels, "image_size": 32}


def make_official(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make official files, and choose that of toy."""
    return {"path": publish(folder, monkeypatch) / "mpi3d_toy.npz"}
