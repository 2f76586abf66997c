"""An object as one camera sees it: for each pixel of a box, how much it covers and how bright it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering.mpi3d import scene
from detaux.data.rendering.mpi3d.arm import Pose
from detaux.data.rendering.mpi3d.camera import Points, box_samples, project, rays
from detaux.data.rendering.mpi3d.solids import Solid

SIZE = 24
"""Rows and columns of the box: the largest object needs 23."""
_SAMPLES_PER_SIDE = 2
_MISS = -1


def corner(pose: Pose, camera: int) -> NDArray[np.int64]:
    """Return row and column of the first pixel of the object's box, which lies within the image; shape (2,)."""
    column, row = project(pose.centre, camera)
    first = np.rint(np.array((row, column)) - SIZE / 2).astype(np.int64)
    return np.asarray(np.clip(first, 0, scene.PIXELS - SIZE))


def sprite(solid: Solid, pose: Pose, camera: int) -> NDArray[np.floating]:
    """Draw one object.

    Returns:
        Share of each pixel that shows what lies behind, and the object's brightness there times the share that it
        covers, 1 being the brightness at which a colour shows as in `scene.OBJECT_RGB`; shape (2, SIZE, SIZE).
    """
    samples = box_samples(corner(pose, camera), SIZE, _SAMPLES_PER_SIDE)
    origin, directions = rays(camera, samples.reshape(-1, 2))
    normals = solid.normals @ pose.frame
    gaps, speeds = solid.offsets - normals @ (origin - pose.centre), normals @ directions.T
    face = _first_face(gaps.astype(np.float32), speeds.astype(np.float32))
    seen = np.where(face == _MISS, 0, brightness(normals)[face])
    maps = np.stack([face == _MISS, seen]).reshape(2, *samples.shape[:-1])
    return np.asarray(maps.mean(axis=(2, 4)))


def brightness(normals: Points) -> NDArray[np.floating]:
    """Return how bright faces with these normals are, shape (F,): one wide lamp above, and no shadow."""
    return np.asarray(np.clip(scene.AMBIENT + normals @ np.array(scene.LAMP), 0, scene.BRIGHTEST))


def _first_face(gaps: NDArray[np.floating], speeds: NDArray[np.floating]) -> NDArray[np.int64]:
    """Find the face through which each ray enters.

    Args:
        gaps: From the rays' start to each face's plane along its normal, shape (F,).
        speeds: Of each ray along each normal, shape (F, M).

    Returns:
        Number of a face, or `_MISS`, shape (M,).
    """
    times = gaps[:, None] / speeds
    entries = np.where(speeds < 0, times, -np.inf)
    exits = np.where(speeds > 0, times, np.inf)
    return np.where(entries.max(axis=0) < exits.min(axis=0), entries.argmax(axis=0), _MISS)
