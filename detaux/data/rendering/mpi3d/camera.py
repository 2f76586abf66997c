"""The three cameras: where a point of the world shows, and the rays through a box of pixels."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering.mpi3d import scene

Points = NDArray[np.floating[Any]]
"""Points or directions of the world, shape (..., 3): right, away from the camera, up."""
Places = NDArray[np.floating[Any]]
"""Places in the image in pixels, shape (..., 2): column, row; the image spans 0 to 64."""


def project(points: Points, camera: int) -> Places:
    """Return where points show, shape (..., 2)."""
    right, up, forward, position = _frame(camera)
    way = points - position
    depth = way @ forward
    across, above = way @ right / depth, way @ up / depth
    middle = scene.PIXELS / 2
    return np.stack([middle + scene.FOCAL_PIXELS * across, middle - scene.FOCAL_PIXELS * above], axis=-1)


def depth_of(points: Points, camera: int) -> NDArray[np.floating[Any]]:
    """Return how far points lie along the camera's axis, shape (...)."""
    _, _, forward, position = _frame(camera)
    return np.asarray((points - position) @ forward)


def rays(camera: int, places: Places) -> tuple[Points, Points]:
    """Return the camera's position, shape (3,), and the direction through each place, not of unit length."""
    right, up, forward, position = _frame(camera)
    offsets = (places - scene.PIXELS / 2) / scene.FOCAL_PIXELS
    return position, forward + offsets[..., :1] * right - offsets[..., 1:] * up


def box_samples(corner: NDArray[np.int64], size: int, per_side: int) -> Places:
    """Return the samples of a square of pixels, shape (size, per_side, size, per_side, 2).

    Args:
        corner: Row and column of its first pixel.
        size: Its rows and columns.
        per_side: Samples a pixel along each side.
    """
    ticks = (np.arange(size * per_side) + 0.5) / per_side
    rows, columns = np.meshgrid(corner[0] + ticks, corner[1] + ticks, indexing="ij")
    return np.stack([columns, rows], axis=-1).reshape(size, per_side, size, per_side, 2)


@cache
def _frame(camera: int) -> tuple[Points, Points, Points, Points]:
    """Return right, up, forward and position of a camera, each of shape (3,)."""
    pitch, distance, across, height, azimuth, roll = scene.CAMERAS[camera]
    level = np.array((np.cos(azimuth), np.sin(azimuth), 0.0))
    away = np.array((-np.sin(azimuth), np.cos(azimuth), 0.0))
    forward = np.cos(pitch) * away - (0, 0, np.sin(pitch))
    steep = np.sin(pitch) * away + (0, 0, np.cos(pitch))
    right, up = np.cos(roll) * level + np.sin(roll) * steep, np.cos(roll) * steep - np.sin(roll) * level
    return right, up, forward, across * level + (0, 0, height) - distance * forward
