"""Where rays meet the object: cube, cylinder, sphere or capsule, standing on the floor at the room's centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering import scene
from detaux.data.rendering.camera import Vectors, column, dot

Distances = NDArray[np.floating[Any]]
"""Along each ray, in the scene's units, shape (M,); `MISS` where it meets nothing."""
MISS = np.float32(1e9)
_NEAR = np.float32(1e-3)
_TINY = np.float32(1e-9)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Hit:
    """Where each ray first meets a surface."""

    distance: Distances
    """Shape (M,)."""
    normal: Vectors
    """Unit normal of the surface there, shape (3, M); meaningless where it is missed."""


def hit_solid(shape: str, scale: float, origins: Vectors, directions: Vectors) -> Hit:
    """Find where rays meet the object.

    Args:
        shape: One of `scene.SHAPES`.
        scale: By which every length of the object is multiplied.
        origins: Where the rays start, shape (3, M) or (3, 1).
        directions: Unit directions, shape (3, M).
    """
    origins = origins - column((0, 0, scene.OBJECT_LIFT))
    match shape:
        case "cube":
            return _cube(origins, directions, scene.CUBE_HALF_EDGE * scale)
        case "cylinder":
            return _cylinder(
                origins, directions, scene.CYLINDER_RADIUS * scale, scene.CYLINDER_HEIGHT * scale
            )
        case "sphere":
            radius = scene.SPHERE_RADIUS * scale
            return _sphere(origins, directions, radius, radius)
        case "capsule":
            return _capsule(
                origins, directions, scene.CAPSULE_RADIUS * scale, scene.CAPSULE_HALF_LENGTH * scale
            )
        case _:
            raise ValueError(f"the shapes are {scene.SHAPES}, found {shape!r}")


def _cube(origins: Vectors, directions: Vectors, half_edge: float) -> Hit:
    """Meet the three pairs of planes: the ray is inside between its last entry and its first exit."""
    centre = column((0, 0, half_edge))
    slope = 1 / _away_from_zero(directions)
    middle = (centre - origins) * slope
    reach = np.float32(half_edge) * np.abs(slope)
    entries = middle - reach
    distance = entries.max(axis=0)
    inside = (distance < (middle + reach).min(axis=0)) & (distance > _NEAR)
    axis = entries.argmax(axis=0)
    normal = np.where(np.arange(3)[:, None] == axis, -np.sign(directions), np.float32(0))
    return Hit(distance=np.where(inside, distance, MISS), normal=normal)


def _sphere(origins: Vectors, directions: Vectors, radius: float, height: float) -> Hit:
    """Meet a sphere whose centre stands `height` above the floor."""
    origins = origins - column((0, 0, height))
    half = dot(origins, directions)
    root = half * half - dot(origins, origins) + np.float32(radius * radius)
    distance = _if_hit(-half - np.sqrt(np.maximum(root, 0)), root > 0)
    return Hit(distance=distance, normal=(origins + distance * directions) / np.float32(radius))


def _tube(origins: Vectors, directions: Vectors, radius: float, bottom: float, top: float) -> Hit:
    """Meet the side of an upright cylinder between two heights."""
    square = directions[0] ** 2 + directions[1] ** 2 + _TINY
    half = origins[0] * directions[0] + origins[1] * directions[1]
    root = half * half - square * (origins[0] ** 2 + origins[1] ** 2 - np.float32(radius * radius))
    distance = (-half - np.sqrt(np.maximum(root, 0))) / square
    height = origins[2] + distance * directions[2]
    distance = _if_hit(distance, (root > 0) & (height > bottom) & (height < top))
    across = (origins[:2] + distance * directions[:2]) / np.float32(radius)
    return Hit(distance=distance, normal=np.concatenate([across, np.zeros_like(across[:1])]))


def _disc(origins: Vectors, directions: Vectors, radius: float, height: float) -> Hit:
    """Meet a level disc that looks up."""
    distance = (np.float32(height) - origins[2]) / _away_from_zero(directions[2])
    across = origins[:2] + distance * directions[:2]
    distance = _if_hit(distance, across[0] ** 2 + across[1] ** 2 < radius * radius)
    normal = np.zeros_like(directions)
    normal[2] = 1
    return Hit(distance=distance, normal=normal)


def _cylinder(origins: Vectors, directions: Vectors, radius: float, height: float) -> Hit:
    side = _tube(origins, directions, radius, 0, height)
    return _nearest(side, _disc(origins, directions, radius, height))


def _capsule(origins: Vectors, directions: Vectors, radius: float, half_length: float) -> Hit:
    shoulder = radius + 2 * half_length
    side = _tube(origins, directions, radius, radius, shoulder)
    foot = _sphere(origins, directions, radius, radius)
    return _nearest(_nearest(side, foot), _sphere(origins, directions, radius, shoulder))


def _nearest(one: Hit, other: Hit) -> Hit:
    closer = other.distance < one.distance
    return Hit(
        distance=np.where(closer, other.distance, one.distance),
        normal=np.where(closer, other.normal, one.normal),
    )


def _if_hit(distance: Distances, hit: NDArray[np.bool_]) -> Distances:
    """Keep distances in front of the origin where there is a hit."""
    return np.where(hit & (distance > _NEAR), distance, MISS)


def _away_from_zero(values: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    return np.where(np.abs(values) < _TINY, _TINY, values)
