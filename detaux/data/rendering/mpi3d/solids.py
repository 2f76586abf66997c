"""The six objects as intersections of half-spaces; round ones by many."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering.mpi3d import scene
from detaux.data.rendering.mpi3d.camera import Points

_ROUND_SIDES = 20
_SPHERE_FACES = 60


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Solid:
    """All points p with normals @ p <= offsets."""

    normals: Points
    """Unit, outwards, shape (F, 3); the third axis is the rod's."""
    offsets: NDArray[np.floating[Any]]
    """Distance of each face from the centre, shape (F,)."""


@cache
def solid(shape: int, size: int) -> Solid:
    """Return an object about its centre; shape and size as the factors count them."""
    width, half = scene.HALF_WIDTHS[shape], scene.HALF_HEIGHT
    match scene.SHAPES[shape]:
        case "cone":
            made = _pyramid(_ROUND_SIDES, width, half)
        case "cube":
            made = _prism(4, width, half)
        case "cylinder":
            made = _prism(_ROUND_SIDES, width, half)
        case "hexagonal":
            made = _prism(6, width, half)
        case "pyramid":
            made = _pyramid(4, width, half)
        case _:
            made = _sphere(width)
    return Solid(normals=made.normals, offsets=made.offsets * scene.SIZES[size])


def _directions(sides: int) -> Points:
    """Return level unit vectors in a circle, shape (sides, 3)."""
    angles = scene.SPIN + 2 * np.pi * np.arange(sides) / sides
    return np.stack([np.cos(angles), np.sin(angles), np.zeros(sides)], axis=1)


def _prism(sides: int, width: float, half: float) -> Solid:
    ends = np.array(((0.0, 0.0, 1.0), (0.0, 0.0, -1.0)))
    offsets = np.array([width] * sides + [half] * 2)
    return Solid(normals=np.concatenate([_directions(sides), ends]), offsets=offsets)


def _pyramid(sides: int, width: float, half: float) -> Solid:
    """Make a pyramid whose tip points along the rod; `width` is from its axis to the middle of a base's side."""
    slope = np.hypot(width, 2 * half)
    walls = (2 * half * _directions(sides) + (0, 0, width)) / slope
    offsets = np.array([half * width / slope] * sides + [half])
    return Solid(normals=np.concatenate([walls, ((0, 0, -1),)]), offsets=offsets)


def _sphere(radius: float) -> Solid:
    """Make a ball of faces along a spiral from pole to pole."""
    height = 1 - (2 * np.arange(_SPHERE_FACES) + 1) / _SPHERE_FACES
    angle = np.pi * (1 + np.sqrt(5)) * np.arange(_SPHERE_FACES)
    level = np.sqrt(1 - height**2)
    normals = np.stack([level * np.cos(angle), level * np.sin(angle), height], axis=1)
    return Solid(normals=normals, offsets=np.full(_SPHERE_FACES, radius))
