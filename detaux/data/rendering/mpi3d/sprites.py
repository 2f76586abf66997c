"""An object as one camera sees it: for each pixel of a box, how much it covers and how bright it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering.mpi3d import scene
from detaux.data.rendering.mpi3d.arm import Pose
from detaux.data.rendering.mpi3d.camera import Points, box_samples, project, rays
from detaux.data.rendering.mpi3d.solids import MISS, Solid

SIZE = 24
"""Rows and columns of the box: the largest object needs 22."""
_SAMPLES_PER_SIDE = 2


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
    towards = origin - pose.centre
    normals, face = solid.seen(pose.frame @ towards, directions @ pose.frame.T)
    bright = brightness(normals @ pose.frame, towards / np.linalg.norm(towards))
    maps = np.stack([face == MISS, np.where(face == MISS, 0, bright[face])]).reshape(2, *samples.shape[:-1])
    return np.asarray(maps.mean(axis=(2, 4)))


def brightness(normals: Points, towards: Points) -> NDArray[np.floating]:
    """Return how bright surfaces look: one wide lamp above, another at the camera, no shadow, a screen's gamma.

    Args:
        normals: Unit, outwards, shape (F, 3).
        towards: Unit direction to the camera, shape (3,).

    Returns:
        Shape (F,), up to `scene.BRIGHTEST`.
    """
    light = (
        scene.AMBIENT + normals @ np.array(scene.LAMP) + scene.HEADLIGHT * np.maximum(normals @ towards, 0)
    )
    return np.asarray(np.minimum(np.maximum(light, 0) ** scene.GAMMA, scene.BRIGHTEST))
