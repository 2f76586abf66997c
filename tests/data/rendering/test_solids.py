from __future__ import annotations

import numpy as np
import pytest

from detaux.data.rendering import scene
from detaux.data.rendering.camera import column
from detaux.data.rendering.solids import MISS, hit_solid

WIDTHS = {
    "cube": scene.CUBE_HALF_EDGE,
    "cylinder": scene.CYLINDER_RADIUS,
    "sphere": scene.SPHERE_RADIUS,
    "capsule": scene.CAPSULE_RADIUS,
}
HEIGHTS = {
    "cube": 2 * scene.CUBE_HALF_EDGE,
    "cylinder": scene.CYLINDER_HEIGHT,
    "sphere": 2 * scene.SPHERE_RADIUS,
    "capsule": 2 * (scene.CAPSULE_RADIUS + scene.CAPSULE_HALF_LENGTH),
}


@pytest.mark.parametrize("shape", scene.SHAPES)
@pytest.mark.parametrize("scale", [0.75, 1.25])
def test_a_ray_from_the_front_meets_the_side(shape: str, scale: float) -> None:
    height = HEIGHTS[shape] * scale / 2 + scene.OBJECT_LIFT
    hit = hit_solid(shape, scale, column((0, -3, height)), column((0, 1, 0)))
    assert hit.distance == pytest.approx(3 - WIDTHS[shape] * scale, abs=1e-5)
    assert hit.normal[:, 0] == pytest.approx([0, -1, 0], abs=1e-5)


@pytest.mark.parametrize("shape", scene.SHAPES)
@pytest.mark.parametrize("scale", [0.75, 1.25])
def test_a_ray_from_above_meets_the_top(shape: str, scale: float) -> None:
    hit = hit_solid(shape, scale, column((0, 0, 5)), column((0, 0, -1)))
    assert hit.distance == pytest.approx(5 - HEIGHTS[shape] * scale - scene.OBJECT_LIFT, abs=1e-4)
    assert hit.normal[:, 0] == pytest.approx([0, 0, 1], abs=1e-4)


@pytest.mark.parametrize("shape", scene.SHAPES)
def test_rays_beside_above_and_away_miss(shape: str) -> None:
    beside = column((WIDTHS[shape] * 1.01, -3, 0.3))
    above = column((0, -3, HEIGHTS[shape] * 1.01))
    for origin, direction in ((beside, (0, 1, 0)), (above, (0, 1, 0)), (column((0, -3, 0.3)), (0, -1, 0))):
        assert hit_solid(shape, 1.0, origin, column(direction)).distance == MISS


@pytest.mark.parametrize("shape", scene.SHAPES)
def test_normals_are_units_that_face_the_ray(shape: str) -> None:
    directions = np.random.default_rng(0).normal(size=(3, 2000)).astype(np.float32) * 0.1
    directions[1] = 1
    directions /= np.linalg.norm(directions, axis=0)
    hit = hit_solid(shape, 1.0, column((0, -3, 0.5)), directions)
    met = hit.distance < MISS
    assert met.sum() > 100
    np.testing.assert_allclose(np.linalg.norm(hit.normal[:, met], axis=0), 1, atol=1e-3)
    assert ((hit.normal * directions).sum(axis=0)[met] < 1e-3).all()


def test_an_unknown_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="found 'cone'"):
        hit_solid("cone", 1.0, column((0, 0, 5)), column((0, 0, -1)))
