"""A grid without images, a cache for the session, and a small folder of images."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.progress import silent
from detaux.data.dataset import FactorGrid
from detaux.data.rendering.prepare import rendered_maps
from tests.data.standins.folder import write as write_folder


class BareGrid(FactorGrid):
    """A grid whose images are one pixel that holds the index."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.name = "bare"
        self.factor_names = tuple("abcdefgh"[: len(sizes)])
        self.factor_sizes = self.full_sizes = tuple(sizes)
        self.levels = tuple(tuple(range(size)) for size in sizes)
        self.value_names = {}
        self.image_shape = (1, 1, 3)
        self.official_parts = {}

    def images(self, index: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        self.check_index(index)
        return np.stack([index // 256, index % 256, index * 0], axis=-1).astype(np.uint8)[:, None, None]


@pytest.fixture(scope="session")
def bare_grid() -> Callable[..., FactorGrid]:
    return lambda *sizes: BareGrid(sizes)


@pytest.fixture(scope="session")
def session_cache() -> Path:
    """The cache of the session, which holds the rendered maps of 3D Shapes."""
    rendered_maps(64, silent)
    return Path(os.environ["DETAUX_CACHE"])


@pytest.fixture
def cache(session_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DETAUX_CACHE", str(session_cache))
    return session_cache


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("DETAUX_CACHE", str(folder))
    return folder


@pytest.fixture
def image_folder(tmp_path: Path) -> Path:
    """train/{ant,bee}/*.png, 20 and 30 of them, and test/{ant,bee}/*.png, 5 each: each image of one grey level."""
    return write_folder(tmp_path / "insects")
