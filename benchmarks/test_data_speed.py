"""Rendered 3D Shapes: reading at random, against shading each image from scratch, and first-time preparation.

Both readers run in one session, so that their ratio can be quoted. Images a second = 256 / time of `recoloured`,
8 / time of `shaded_from_scratch`.
"""

from __future__ import annotations

import colorsys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

from detaux.core.progress import silent
from detaux.data import FactorGrid, load_dataset
from detaux.data.rendering import scene
from detaux.data.rendering.camera import camera_at
from detaux.data.rendering.maps import SAMPLES_PER_SIDE
from detaux.data.rendering.prepare import rendered_maps
from detaux.data.rendering.room import Material, empty_room
from detaux.data.rendering.view import view_object

BATCH = 256
BATCH_FROM_SCRATCH = 8
IMAGES_PER_SECOND, PREPARATION_SECONDS = 20_000, 20
"""The aims."""


@pytest.fixture(scope="module")
def grid() -> FactorGrid:
    dataset = load_dataset("shapes3d", origin="rendered")
    dataset.images(np.arange(BATCH))
    assert isinstance(dataset, FactorGrid)
    return dataset


def shade_from_scratch(factors: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Cast the rays of one image and shade every sample in its own colour: the plain version."""
    room = empty_room(camera_at(scene.ORIENTATIONS[factors[5]], samples_per_side=SAMPLES_PER_SIDE))
    view = view_object(room, scene.SHAPES[factors[4]], scene.SCALES[factors[3]])
    bases = np.array(
        [colorsys.hsv_to_rgb(hue / 10, 1, 1) for hue in factors[:3]] + [(0, 0, 0)], dtype=np.float32
    )
    samples = np.minimum(bases[view.material] * view.brightness[:, None] + view.gloss[:, None], 1)
    samples[view.material == Material.SKY] = np.array(scene.SKY_RGB) / 255
    return np.asarray(np.rint(255 * samples.reshape(-1, 64, 64, 3).mean(axis=0)), dtype=np.uint8)


def test_recoloured(benchmark: BenchmarkFixture, grid: FactorGrid) -> None:
    generator = np.random.default_rng(0)
    images = benchmark.pedantic(  # type: ignore[no-untyped-call]  # the plugin has no types
        grid.images,
        setup=lambda: ((generator.integers(0, len(grid), BATCH),), {}),
        rounds=200,
        warmup_rounds=5,
    )
    benchmark.extra_info["images_per_round"] = BATCH
    assert images.shape == (BATCH, 64, 64, 3)
    if benchmark.stats is not None:
        assert benchmark.stats["median"] < BATCH / IMAGES_PER_SECOND


def test_shaded_from_scratch(benchmark: BenchmarkFixture, grid: FactorGrid) -> None:
    index = np.random.default_rng(0).integers(0, len(grid), BATCH_FROM_SCRATCH)
    images = benchmark.pedantic(  # type: ignore[no-untyped-call]  # as above
        lambda: np.stack([shade_from_scratch(row) for row in grid.factors(index)]), rounds=10
    )
    benchmark.extra_info["images_per_round"] = BATCH_FROM_SCRATCH
    assert np.abs(images.astype(int) - grid.images(index)).max() <= 3


def test_preparation(benchmark: BenchmarkFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path))
    maps = benchmark.pedantic(rendered_maps, args=(64, silent), rounds=1)  # type: ignore[no-untyped-call]  # as above
    assert maps.shape == (480, 21, 4096)
    if benchmark.stats is not None:
        assert benchmark.stats["min"] < PREPARATION_SECONDS
