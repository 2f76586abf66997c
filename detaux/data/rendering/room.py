"""The empty room from one camera: floor, four walls and the sky above them, with their light."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering import scene
from detaux.data.rendering.camera import Camera, Vectors, column
from detaux.data.rendering.light import Brightness, even_light, spot_light
from detaux.data.rendering.solids import MISS, Distances, Hit

_PARALLEL = np.float32(1e-6)
_INWARD_NORMALS = ((0, -1), (-1, 0), (1, 0), (0, 1))


class Material(IntEnum):
    """What a ray meets; each but the sky takes a hue."""

    FLOOR = 0
    WALL = 1
    OBJECT = 2
    SKY = 3


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EmptyRoom:
    """What the camera's M rays meet where no object stands."""

    camera: Camera
    """From where it is seen."""
    distance: Distances
    """Shape (M,); `MISS` where the sky is met."""
    material: NDArray[np.uint8]
    """A `Material` for each ray, shape (M,)."""
    points: Vectors
    """Where the rays end, shape (3, M); the camera's place where the sky is met."""
    shaded: Brightness
    """Of points that the spot does not reach, shape (M,)."""
    lit: Brightness
    """Of points that it reaches, shape (M,)."""


def empty_room(camera: Camera) -> EmptyRoom:
    """Look into the room without its object."""
    floor, walls = _hit_floor(camera), _hit_walls(camera)
    on_floor = floor.distance < walls.distance
    distance = np.where(on_floor, floor.distance, walls.distance)
    material = np.where(distance >= MISS, Material.SKY, np.where(on_floor, Material.FLOOR, Material.WALL))
    normals = np.where(on_floor, floor.normal, walls.normal)
    points = camera.position + np.where(distance < MISS, distance, 0) * camera.directions
    gain = np.where(on_floor, 1, np.float32(scene.WALL_GAIN))
    shaded = gain * even_light(normals, camera.forward)
    return EmptyRoom(
        camera=camera,
        distance=distance,
        material=material.astype(np.uint8),
        points=points,
        shaded=shaded,
        lit=shaded + gain * spot_light(points, normals),
    )


def _hit_floor(camera: Camera) -> Hit:
    fall = np.maximum(-camera.directions[2], 0)
    distance = np.where(fall > _PARALLEL, camera.position[2] / np.maximum(fall, _PARALLEL), MISS)
    return Hit(distance=distance, normal=column((0, 0, 1)))


def _hit_walls(camera: Camera) -> Hit:
    """Meet the nearest of the four planes from inside, then look whether the wall is so high there."""
    approaches = np.array(
        [-(x * camera.directions[0] + y * camera.directions[1]) for x, y in _INWARD_NORMALS]
    )
    gaps = np.array(
        [scene.ROOM_HALF_WIDTH + x * camera.position[0] + y * camera.position[1] for x, y in _INWARD_NORMALS]
    )
    ahead = approaches > _PARALLEL
    distances = np.where(ahead, gaps.astype(np.float32) / np.maximum(approaches, _PARALLEL), MISS)
    distance = distances.min(axis=0)
    height = camera.position[2] + distance * camera.directions[2]
    normals = np.array([(x, y, 0) for x, y in _INWARD_NORMALS], dtype=np.float32)
    return Hit(
        distance=np.where(height < scene.WALL_HEIGHT, distance, MISS),
        normal=normals[distances.argmin(axis=0)].T,
    )
