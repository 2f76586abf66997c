"""A small grid of dSprites, rendered, and an official file of few images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.data.official.dsprites import OFFICIAL, Release
from detaux.data.sets import dsprites
from tests.data.standins.grids import give_factors, noise
from tests.data.standins.writing import as_official

FACTORS = {"shape": 3, "scale": 2, "orientation": 2, "posX": 3, "posY": 2}


class Bomb:
    """Fails whoever unpickles it."""

    def __reduce__(self) -> tuple[object, ...]:
        return (pytest.fail, ("the pickle was loaded",))


def write_npz(path: Path, images: NDArray[np.generic], key: str = "imgs") -> Path:
    """Write images as the official file holds them, beside a pickle."""
    members = {key: images, "metadata": np.array(Bomb(), dtype=object)}
    np.savez_compressed(path, **members)  # type: ignore[arg-type]  # a name could be allow_pickle
    return path


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Choose 162 rendered images, of turns at which no two shapes look alike."""
    del folder, monkeypatch
    levels = {"scale": 2, "orientation": 3, "posX": 3, "posY": 3}
    return {"origin": "rendered", "levels": levels, "image_size": 32}


def make_official(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make an official file of 72 images of noise."""
    images = noise(FACTORS, 64, 64) % 2
    path = write_npz(folder / "made-up.npz", images)
    release = Release(file=as_official(OFFICIAL.file, path), shape=images.shape)
    monkeypatch.setattr(dsprites, "OFFICIAL", release)
    give_factors(dsprites, monkeypatch, FACTORS)
    return {"path": path}
