from __future__ import annotations

import colorsys
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detaux.data.rendering import scene
from detaux.data.rendering.camera import camera_at
from detaux.data.rendering.maps import NUM_MAPS, SAMPLES_PER_SIDE, maps_of, shrink_maps, without_overflow
from detaux.data.rendering.recolour import Recolouring
from detaux.data.rendering.room import Material, empty_room
from detaux.data.rendering.view import View, view_object

HUES = np.array(list(itertools.product((0, 3, 7), (1, 5, 9), (2, 6, 8))))


def shaded_directly(view: View, hues: NDArray[np.int64]) -> NDArray[np.float64]:
    """Shade every sample in its own colour, then average each pixel: the image, (4096, 3), in [0, 255], unrounded."""
    bases = np.array([colorsys.hsv_to_rgb(hue / 10, 1, 1) for hue in hues] + [(0, 0, 0)])[view.material]
    samples = np.minimum(bases * view.brightness[:, None] + view.gloss[:, None], 1)
    samples[view.material == Material.SKY] = np.array([153, 226, 249]) / 255
    return np.asarray(255 * samples.reshape(-1, 64 * 64, 3).mean(axis=0))


@pytest.mark.parametrize(
    ("shape", "scale", "orientation"), [("cube", 1.25, 0), ("capsule", 1.25, 14), ("sphere", 0.75, 7)]
)
def test_recolouring_equals_direct_shading(shape: str, scale: float, orientation: int) -> None:
    room = empty_room(camera_at(scene.ORIENTATIONS[orientation], samples_per_side=SAMPLES_PER_SIDE))
    view = view_object(room, shape, scale)
    images = Recolouring(maps_of(view)[None]).images(np.zeros(len(HUES), int), HUES)
    direct = np.stack([shaded_directly(view, hues) for hues in HUES])
    difference = np.abs(images - direct)
    assert difference.max() <= 2.5  # four roundings, and none wraps round
    assert difference.mean() < 0.3


def test_hues_take_six_levels_only() -> None:
    exact = np.array([colorsys.hsv_to_rgb(hue / 10, 1, 1) for hue in range(10)])
    np.testing.assert_allclose(scene.hue_levels() / 5, exact, atol=1e-12)


@given(seed=st.integers(0, 2**32 - 1))
def test_no_sum_of_rounded_maps_exceeds_255(seed: int) -> None:
    generator = np.random.default_rng(seed)
    weights = generator.dirichlet([0.3] * 4, size=50).T
    levels = np.minimum(np.linspace(0, 1, 6)[:, None] * generator.uniform(0.5, 2, 50), 1)
    coloured = (weights[:3, None] * levels).reshape(18, 50)
    exact = 255 * np.concatenate([coloured, weights[3] * np.ones((3, 1))])
    whole = without_overflow(exact).astype(int)
    sums = whole[:6].max(0) + whole[6:12].max(0) + whole[12:18].max(0) + whole[18:].max(0)
    assert sums.max() <= 255
    assert np.abs(whole - exact).max() <= 2.5


def test_shrinking_averages_areas() -> None:
    maps = np.random.default_rng(0).integers(0, 60, (NUM_MAPS, 4096)).astype(np.uint8)
    maps[:18] = np.sort(maps[:18].reshape(3, 6, 4096), axis=1).reshape(18, 4096)  # brighter with the level
    shrunk = shrink_maps(maps, 32)
    exact = maps.reshape(NUM_MAPS, 32, 2, 32, 2).astype(float).mean(axis=(2, 4)).reshape(NUM_MAPS, -1)
    np.testing.assert_allclose(shrunk, exact, atol=0.5)
