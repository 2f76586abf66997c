"""Random batches from a memory-mapped array laid out as the official MPI3D files are once converted, all in memory.

Images a second = 256 / time of a batch. The pages of the mapped file count as resident, but the system may take them
back; the memory of the process itself, without them, is told beside.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

from detaux.data.cache import ArrayWriter
from detaux.data.pixel_grid import StoredPixels

BATCH = 256
NUM_IMAGES = 110_000
PIECE = 1_000
IMAGES_PER_SECOND = {64: 50_000, 32: 10_000}
"""The aims, by image size."""
OWN_MEGABYTES = 100
"""By how much the process's own memory may grow."""


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> NDArray[np.uint8]:
    path = tmp_path_factory.mktemp("mapped") / "array.npy"
    generator = np.random.default_rng(0)
    with ArrayWriter(path, (NUM_IMAGES, 64, 64, 3)) as writer:
        for start in range(0, NUM_IMAGES, PIECE):
            writer.put(start, generator.integers(0, 256, (PIECE, 64, 64, 3), dtype=np.uint8))
    images: NDArray[np.uint8] = np.load(path, mmap_mode="r", allow_pickle=False)
    for start in range(0, NUM_IMAGES, PIECE):  # touch every page, so that none is read from disk later
        images[start : start + PIECE].max()
    return images


def resident_megabytes(kind: str) -> int:
    """Memory of this process, `RssAnon` its own or `RssFile` of mapped files."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split(f"{kind}:")[1].split()[0]) // 1024


@pytest.mark.parametrize("image_size", [64, 32])
def test_mapped(benchmark: BenchmarkFixture, mapped: NDArray[np.uint8], image_size: int) -> None:
    pixels = StoredPixels(mapped, image_size)
    generator = np.random.default_rng(1)
    before = resident_megabytes("RssAnon")
    images = benchmark.pedantic(  # type: ignore[no-untyped-call]  # the plugin has no types
        pixels,
        setup=lambda: ((generator.integers(0, NUM_IMAGES, BATCH),), {}),
        rounds=200,
        warmup_rounds=5,
    )
    grown = resident_megabytes("RssAnon") - before
    benchmark.extra_info.update(
        images_per_round=BATCH, own_megabytes_grown=grown, mapped_megabytes=resident_megabytes("RssFile")
    )
    assert images.shape == (BATCH, image_size, image_size, 3)
    assert grown < OWN_MEGABYTES
    if benchmark.stats is not None:
        assert benchmark.stats["median"] < BATCH / IMAGES_PER_SECOND[image_size]
