"""Factor sets read at random, 256 images at a time: rendered dSprites and MPI3D, and stored images of two official files.

Images a second = 256 / time. The stored images are made up, of the size and layout of the official ones.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

from detaux.data import load_dataset
from detaux.data.cache import ArrayWriter
from detaux.data.official.small_norb_pixels import AreaPixels
from detaux.data.pixel_grid import Pixels, StoredPixels

BATCH = 256
IMAGES_PER_SECOND = 20_000
"""The aim for rendered images."""


def stored(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Write noise as the cache would hold it, and open it memory-mapped."""
    generator = np.random.default_rng(0)
    with ArrayWriter(path, shape) as writer:
        for start in range(0, shape[0], 900):
            writer.put(start, generator.integers(0, 256, (900, *shape[1:]), dtype=np.uint8))
    return np.asarray(np.load(path, mmap_mode="r"))


def measure(
    benchmark: BenchmarkFixture, read: Callable[[NDArray[np.int64]], NDArray[np.uint8]], total: int
) -> None:
    generator = np.random.default_rng(0)
    images = benchmark.pedantic(  # type: ignore[no-untyped-call]  # the plugin has no types
        read,
        setup=lambda: ((generator.integers(0, total, BATCH),), {}),
        rounds=200,
        warmup_rounds=5,
    )
    benchmark.extra_info["images_per_round"] = BATCH
    assert images.shape == (BATCH, 64, 64, 3)


@pytest.mark.parametrize("name", ["dsprites", "mpi3d"])
def test_rendered(benchmark: BenchmarkFixture, name: str) -> None:
    dataset = load_dataset(name, origin="rendered")
    measure(benchmark, dataset.images, len(dataset))
    if benchmark.stats is not None:
        assert benchmark.stats["min"] < BATCH / IMAGES_PER_SECOND, "in the quietest round"


@pytest.mark.parametrize(
    ("shape", "reader"),
    [((72_000, 64, 64), StoredPixels), ((48_600, 96, 96), AreaPixels)],
    ids=["dsprites_tenth", "small_norb"],
)
def test_stored(
    benchmark: BenchmarkFixture,
    tmp_path: Path,
    shape: tuple[int, int, int],
    reader: Callable[[NDArray[np.uint8], int], Pixels],
) -> None:
    measure(benchmark, reader(stored(tmp_path / "array.npy", shape), 64), shape[0])
