"""Where the camera stands, and the rays that it sends through each pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering import scene

Vectors = NDArray[np.floating[Any]]
"""Points or directions, shape (3, M), x first; (3, 1) where one serves all."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Camera:
    """One view of the room, through M = S * P rays: S samples of each of P pixels, pixels in row-major order."""

    position: Vectors
    """Shape (3, 1)."""
    forward: Vectors
    """Unit direction of the axis, shape (3, 1)."""
    directions: Vectors
    """Unit direction of each ray, shape (3, M), all first samples before all second ones."""


def camera_at(orientation: float, *, samples_per_side: int) -> Camera:
    """Place the camera.

    Args:
        orientation: Angle in radians by which it has gone round the room's centre.
        samples_per_side: Rays a pixel along each side: S is its square.
    """
    sine, cosine = np.sin(orientation), np.cos(orientation)
    level, down = np.cos(scene.CAMERA_PITCH), np.sin(scene.CAMERA_PITCH)
    forward = column((-sine * level, cosine * level, -down))
    right = column((cosine, sine, 0))
    across, below = _pixel_offsets(samples_per_side)
    directions = forward + right * across - np.cross(right, forward, axis=0) * below
    return Camera(
        position=column((scene.CAMERA_DISTANCE * sine, -scene.CAMERA_DISTANCE * cosine, scene.CAMERA_HEIGHT)),
        forward=forward,
        directions=directions / length(directions),
    )


def column(vector: tuple[float, float, float]) -> Vectors:
    """Return one vector in the shape that serves all, (3, 1)."""
    return np.array(vector, dtype=np.float32)[:, None]


def dot(left: Vectors, right: Vectors) -> NDArray[np.floating[Any]]:
    """Return the products of vectors, shape (M,)."""
    return np.asarray(left[0] * right[0] + left[1] * right[1] + left[2] * right[2])


def length(vectors: Vectors) -> NDArray[np.floating[Any]]:
    """Return the lengths of vectors, shape (M,)."""
    return np.asarray(np.sqrt(dot(vectors, vectors)))


def _pixel_offsets(samples_per_side: int) -> tuple[NDArray[np.floating[Any]], NDArray[np.floating[Any]]]:
    """Return how far right of and below the axis each sample lies, in focal lengths, each of shape (M,)."""
    size = scene.PIXELS
    ticks = (np.arange(size * samples_per_side, dtype=np.float32) + 0.5) / samples_per_side - size / 2
    by_pixel = (ticks / np.float32(scene.FOCAL_PIXELS)).reshape(size, samples_per_side)
    grid = (samples_per_side, samples_per_side, size, size)
    across = np.broadcast_to(by_pixel.T[None, :, None, :], grid)
    below = np.broadcast_to(by_pixel.T[:, None, :, None], grid)
    return across.reshape(-1), below.reshape(-1)
