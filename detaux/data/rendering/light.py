"""The light on surfaces: ambient, a headlight without shadow, and a spot that casts one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering import scene
from detaux.data.rendering.camera import Vectors, column, dot, length

Brightness = NDArray[np.floating[Any]]
"""Factor of a surface's colour, shape (M,)."""


def even_light(normals: Vectors, forward: Vectors) -> Brightness:
    """Return what reaches a surface in the shadow too: ambient light and headlight.

    Args:
        normals: Of the surface, shape (3, M).
        forward: Unit direction of the camera's axis, shape (3, 1).
    """
    return np.asarray(
        scene.AMBIENT + scene.HEADLIGHT * np.maximum(-dot(normals, forward), 0), dtype=np.float32
    )


def spot_light(points: Vectors, normals: Vectors) -> Brightness:
    """Return what the spot adds where nothing is in its way; points and normals of shape (3, M)."""
    to_spot, _ = towards_spot(points)
    aim = column(scene.SPOT_TARGET) - column(scene.SPOT_POSITION)
    off_axis = np.maximum(-dot(to_spot, aim / length(aim)), 0)
    facing = np.maximum(dot(normals, to_spot), 0)
    return np.asarray(scene.SPOT * facing * off_axis**scene.SPOT_EXPONENT, dtype=np.float32)


def highlight(points: Vectors, normals: Vectors, directions: Vectors) -> Brightness:
    """Return the white that the spot's reflection adds to a glossy surface, seen along `directions`."""
    to_spot, _ = towards_spot(points)
    halfway = to_spot - directions
    gloss = np.maximum(dot(normals, halfway / length(halfway)), 0) ** scene.SHININESS
    return np.asarray(scene.SPECULAR * gloss * (dot(normals, to_spot) > 0), dtype=np.float32)


def towards_spot(points: Vectors) -> tuple[Vectors, NDArray[np.floating[Any]]]:
    """Return the unit direction from points to the spot, shape (3, M), and its distance, shape (M,)."""
    way = column(scene.SPOT_POSITION) - points
    distance = length(way)
    return way / distance, distance
