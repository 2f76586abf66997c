from __future__ import annotations

import numpy as np
import pytest

from detaux.data.rendering import scene
from detaux.data.rendering.camera import camera_at, length
from detaux.data.rendering.room import Material, empty_room
from detaux.data.rendering.view import view_object


@pytest.mark.parametrize("angle", [scene.ORIENTATIONS[0], 0.0, scene.ORIENTATIONS[-1]])
def test_points_lie_on_the_surfaces_that_are_met(angle: float) -> None:
    room = empty_room(camera_at(angle, samples_per_side=1))
    x, y, z = room.points
    floor, wall = room.material == Material.FLOOR, room.material == Material.WALL
    np.testing.assert_allclose(z[floor], 0, atol=1e-5)
    np.testing.assert_allclose(np.maximum(np.abs(x), np.abs(y))[wall], scene.ROOM_HALF_WIDTH, atol=1e-4)
    assert (z[wall] < scene.WALL_HEIGHT).all()


def test_sky_is_above_walls_above_floor() -> None:
    material = empty_room(camera_at(0, samples_per_side=1)).material.reshape(64, 64)
    assert (material[0] == Material.SKY).all()
    assert (material[30] == Material.WALL).all()
    assert (material[63] == Material.FLOOR).all()


def test_rays_are_units_and_samples_stay_in_their_pixel() -> None:
    coarse, fine = (camera_at(0.3, samples_per_side=side) for side in (1, 3))
    np.testing.assert_allclose(length(fine.directions), 1, atol=1e-6)
    centres = fine.directions.reshape(3, 9, -1).mean(axis=1)
    np.testing.assert_allclose(centres / length(centres), coarse.directions, atol=1e-5)


@pytest.mark.parametrize("shape", scene.SHAPES)
def test_the_object_hides_the_room_and_casts_a_shadow(shape: str) -> None:
    room = empty_room(camera_at(0, samples_per_side=1))
    view = view_object(room, shape, 1.0)
    seen = view.material == Material.OBJECT
    assert 150 < seen.sum() < 800
    assert (view.gloss[~seen] == 0).all()
    darker = (view.brightness < room.lit - 0.2) & (view.material == Material.FLOOR)
    assert darker.sum() > 20
    columns = np.flatnonzero(darker) % 64
    assert columns.mean() > 32  # the lamp stands behind on the left
