"""The six objects: a ball, and five intersections of half-spaces, of many where they are round."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering.mpi3d import scene
from detaux.data.rendering.mpi3d.camera import Points

_ROUND_SIDES = 20
MISS = -1
"""In place of a face that a ray meets."""


class Solid(Protocol):
    """An object about its centre, the third axis being the rod's."""

    def seen(self, origin: Points, directions: Points) -> tuple[Points, NDArray[np.int64]]:
        """Tell where rays enter.

        Args:
            origin: Where all rays start, shape (3,).
            directions: Not of unit length, shape (M, 3).

        Returns:
            Unit normals, outwards, shape (F, 3), and which of them each ray meets, or `MISS`, shape (M,).
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Polyhedron:
    """All points p with normals @ p <= offsets."""

    normals: Points
    """Unit, outwards, shape (F, 3)."""
    offsets: NDArray[np.floating[Any]]
    """Distance of each face from the centre, shape (F,)."""

    def seen(self, origin: Points, directions: Points) -> tuple[Points, NDArray[np.int64]]:
        """See `Solid.seen`: a ray from outside is inside between its last entry and its first exit."""
        gaps = (self.offsets - self.normals @ origin).astype(np.float32)
        speeds = (self.normals @ directions.T).astype(np.float32)
        times, front = gaps[:, None] / speeds, gaps < 0
        entries = np.where(speeds[front] < 0, times[front], np.inf)
        exits = np.where(speeds[~front] > 0, times[~front], np.inf)
        face = np.flatnonzero(front)[entries.argmax(axis=0)]
        return self.normals, np.where(entries.max(axis=0) < exits.min(axis=0), face, MISS)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ball:
    """All points up to `radius` from the centre."""

    radius: float

    def seen(self, origin: Points, directions: Points) -> tuple[Points, NDArray[np.int64]]:
        """See `Solid.seen`; each ray has a normal of its own, which is meaningless where it misses."""
        ways = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        nearest = ways @ origin
        room = nearest**2 - origin @ origin + self.radius**2
        points = origin - (nearest + np.sqrt(np.maximum(room, 0)))[:, None] * ways
        return points / self.radius, np.where(room > 0, np.arange(len(room)), MISS)


@cache
def solid(shape: int, size: int) -> Solid:
    """Return an object about its centre; shape and size as the factors count them."""
    scale = scene.SIZES[size]
    width, half = scale * scene.HALF_WIDTHS[shape], scale * scene.HALF_HEIGHT
    match scene.SHAPES[shape]:
        case "cone":
            return _pyramid(_ROUND_SIDES, width, half)
        case "cube":
            return _prism(4, width, half)
        case "cylinder":
            return _prism(_ROUND_SIDES, width, half)
        case "hexagonal":
            return _prism(6, width, half)
        case "pyramid":
            return _pyramid(4, width, half)
        case _:
            return Ball(radius=width)


def _directions(sides: int) -> Points:
    """Return level unit vectors in a circle, shape (sides, 3)."""
    angles = scene.SPIN + 2 * np.pi * np.arange(sides) / sides
    return np.stack([np.cos(angles), np.sin(angles), np.zeros(sides)], axis=1)


def _prism(sides: int, width: float, half: float) -> Polyhedron:
    ends = np.array(((0.0, 0.0, 1.0), (0.0, 0.0, -1.0)))
    offsets = np.array([width] * sides + [half] * 2)
    return Polyhedron(normals=np.concatenate([_directions(sides), ends]), offsets=offsets)


def _pyramid(sides: int, width: float, half: float) -> Polyhedron:
    """Make a pyramid whose tip points along the rod; `width` is from its axis to the middle of a base's side."""
    slope = np.hypot(width, 2 * half)
    walls = (2 * half * _directions(sides) + (0, 0, width)) / slope
    offsets = np.array([half * width / slope] * sides + [half])
    return Polyhedron(normals=np.concatenate([walls, ((0, 0, -1),)]), offsets=offsets)
