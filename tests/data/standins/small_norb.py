"""Small NORB of a few views of each toy."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.data.official import small_norb as official
from detaux.data.official.file import OfficialFile
from detaux.data.official.small_norb import OFFICIAL, Part
from detaux.data.official.small_norb_matrix import INT32, UINT8
from detaux.data.sets import small_norb
from tests.data.standins.grids import give_factors

FACTORS = {"category": 5, "instance": 10, "elevation": 2, "azimuth": 3, "lighting": 2}
SIDE = 2


def file_of(path: Path) -> OfficialFile:
    """Return the file that `path` would be, had it been published."""
    content = path.read_bytes()
    return OfficialFile(
        name=path.name,
        urls=("https://example.org/norb",),
        algorithm="sha256",
        digest=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )


def write(path: Path, values: NDArray[np.generic], magic: int) -> OfficialFile:
    """Write an official matrix."""
    sizes = (*values.shape, 1, 1)[: max(3, values.ndim)]
    header = np.array([magic, values.ndim, *sizes], dtype="<i4").tobytes()
    path.write_bytes(gzip.compress(header + values.tobytes(), compresslevel=1))
    return file_of(path)


def pixels(factors: NDArray[np.int64], sizes: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return images of 2 by 2 pixels that tell their place in the grid, shape (N, 2, 2)."""
    high, low = np.divmod(np.ravel_multi_index(tuple(factors.T), sizes), 256)
    return np.stack([high, low, low, high], axis=1).astype(np.uint8).reshape(-1, SIDE, SIDE)


def write_part(folder: Path, name: str, factors: Mapping[str, int], *, seed: int) -> Part:
    """Write the three files of a part, its images in random order."""
    sizes, instances = tuple(factors.values()), OFFICIAL[name].instances
    views = (sizes[0], len(instances), *sizes[2:])
    order = np.random.default_rng(seed).permutation(int(np.prod(views)))
    table = np.stack(np.unravel_index(order, views), axis=1)
    table[:, 1] = np.array(instances)[table[:, 1]]
    dat = np.full((len(table), 2, SIDE, SIDE), 255, dtype=np.uint8)  # the right camera's
    dat[:, 0] = pixels(table, sizes)
    return Part(
        dat=write(folder / f"{name}-dat.mat.gz", dat, UINT8),
        cat=write(folder / f"{name}-cat.mat.gz", table[:, 0].astype("<i4"), INT32),
        info=write(folder / f"{name}-info.mat.gz", (table[:, 1:] * (1, 1, 2, 1)).astype("<i4"), INT32),
        instances=instances,
    )


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make the six files of 600 images of all fifty toys."""
    parts = {name: write_part(folder, name, FACTORS, seed=seed) for seed, name in enumerate(OFFICIAL)}
    for module in (official, small_norb):
        monkeypatch.setattr(module, "FACTORS", FACTORS)
    monkeypatch.setattr(small_norb, "OFFICIAL", parts)
    monkeypatch.setattr(small_norb, "PIXELS", SIDE)
    give_factors(small_norb, monkeypatch, FACTORS)
    return {"path": folder, "image_size": SIDE}
