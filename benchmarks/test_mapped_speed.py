"""Images from a stored array laid out as the official MPI3D files are once converted, in the system's page cache.

Random batches of 256, through the mapping and as the data sets read them; and a whole set to the training device.
Images a second = images / time of a round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

from detaux.data.cache import ArrayWriter
from detaux.data.pixel_grid import GridFacts, PixelGrid, StoredPixels
from detaux.data.staging import ResidentImages, stage

BATCH = 256
NUM_IMAGES = 480_000
STAGED_IMAGES = 160_000
STAGED_BYTES = STAGED_IMAGES * 64 * 64 * 3
PIECE = 1_000
IMAGES_PER_SECOND = {64: 50_000, 32: 10_000}
"""The aims, by image size."""
RESIDENT_MEGABYTES = 300
"""How much memory the process may have more, mapped pages included."""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NDArray[np.uint8]]:
    path = tmp_path_factory.mktemp("stored") / "array.npy"
    generator = np.random.default_rng(0)
    with ArrayWriter(path, (NUM_IMAGES, 64, 64, 3)) as writer:
        for start in range(0, NUM_IMAGES, PIECE):
            writer.put(start, generator.integers(0, 256, (PIECE, 64, 64, 3), dtype=np.uint8))
    images: NDArray[np.uint8] = np.load(path, mmap_mode="r", allow_pickle=False)
    yield images
    path.unlink()


def resident_megabytes() -> int:
    """Memory of this process, mapped files included."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


@pytest.mark.parametrize("image_size", [64, 32])
def test_random_batches(benchmark: BenchmarkFixture, stored: NDArray[np.uint8], image_size: int) -> None:
    before = resident_megabytes()
    images = measure(benchmark, StoredPixels(stored, image_size))
    grown = resident_megabytes() - before
    benchmark.extra_info.update(images_per_round=BATCH, resident_megabytes_grown=grown)
    assert images.shape == (BATCH, image_size, image_size, 3)
    assert grown < RESIDENT_MEGABYTES
    if benchmark.stats is not None:
        assert benchmark.stats["median"] < BATCH / IMAGES_PER_SECOND[image_size]


def test_random_batches_through_the_mapping(benchmark: BenchmarkFixture, stored: NDArray[np.uint8]) -> None:
    before = resident_megabytes()
    measure(benchmark, lambda index: np.asarray(stored[index]))
    grown = resident_megabytes() - before
    benchmark.extra_info.update(images_per_round=BATCH, resident_megabytes_grown=grown)


def measure(
    benchmark: BenchmarkFixture, read: Callable[[NDArray[np.int64]], NDArray[np.uint8]]
) -> NDArray[np.uint8]:
    generator = np.random.default_rng(1)
    images: NDArray[np.uint8] = benchmark.pedantic(  # type: ignore[no-untyped-call]  # the plugin has no types
        read,
        setup=lambda: ((generator.integers(0, NUM_IMAGES, BATCH),), {}),
        rounds=400,
        warmup_rounds=5,
    )
    return images


@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
def test_a_whole_set_is_staged(benchmark: BenchmarkFixture, stored: NDArray[np.uint8], device: str) -> None:
    facts = GridFacts(name="stored", factors={"number": NUM_IMAGES}, licence="none", source="noise")
    levels = (tuple(range(NUM_IMAGES)),)
    grid = PixelGrid(facts, StoredPixels(stored, 64), 64, levels, rendered=False, origin={})
    pool = np.arange(STAGED_IMAGES)
    before = resident_megabytes()
    images = benchmark.pedantic(  # type: ignore[no-untyped-call]  # the plugin has no types
        stage, args=(grid, pool, device), kwargs={"limit_bytes": STAGED_BYTES}, rounds=3, warmup_rounds=1
    )
    grown = resident_megabytes() - before
    benchmark.extra_info.update(
        images_per_round=STAGED_IMAGES, staged_megabytes=STAGED_BYTES >> 20, resident_megabytes_grown=grown
    )
    assert isinstance(images, ResidentImages)
