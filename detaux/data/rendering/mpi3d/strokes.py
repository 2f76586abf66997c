"""The arm in flat greys: how much of each pixel its parts cover, with edges one pixel soft."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering.mpi3d import scene
from detaux.data.rendering.mpi3d.arm import ELBOW, Pose
from detaux.data.rendering.mpi3d.camera import Places, box_samples, project

_SHORTEST = 1e-6
SIZE = 24
"""Rows and columns of the box that holds knob and rod in every pose."""
Map = NDArray[np.floating]
"""A value for each pixel of a square, shape (S, S)."""


def centres(first: NDArray[np.int64], size: int) -> Places:
    """Return the middles of a square of pixels, shape (size, size, 2); `first` is its first row and column."""
    return box_samples(first, size, 1)[:, 0, :, 0]


IMAGE = centres(np.zeros(2, dtype=np.int64), scene.PIXELS)
"""The middles of an image's pixels, shape (64, 64, 2)."""


def stroke(pixels: Places, start: Places, end: Places, width: float) -> tuple[Map, Map]:
    """Draw a line with round ends, at least a pixel wide.

    Returns:
        Cover of each pixel, 0 to 1, and how far along the line it lies, 0 to 1.
    """
    way, from_start = end - start, pixels - start
    along = np.clip(from_start @ way / max(float(way @ way), _SHORTEST), 0, 1)
    beside = from_start - along[..., None] * way
    distance = np.hypot(beside[..., 0], beside[..., 1])
    return np.clip((width + 1) / 2 - distance, 0, 1), along


def foot(camera: int) -> Map:
    """Return the cover of the disc on which the arm stands."""
    radii = np.array(scene.FOOT_RADII)
    away = np.linalg.norm((IMAGE - project(np.zeros(3), camera)) / radii, axis=-1)
    return np.asarray(np.clip((1 - away) * radii.min() + 0.5, 0, 1))


def post(camera: int) -> tuple[Map, Map]:
    """Return cover and grey of the post."""
    low, high = scene.POST_GREYS
    cover, along = stroke(IMAGE, project(np.zeros(3), camera), project(ELBOW, camera), scene.POST_WIDTH)
    return cover, low + (high - low) * along


def rod(pose: Pose, camera: int, pixels: Places) -> NDArray[np.floating]:
    """Draw knob and rod.

    Returns:
        Share of each pixel that shows what lies behind, and the grey added to it, shape (2, S, S).
    """
    joint = project(pose.joint, camera)
    line, _ = stroke(pixels, joint, project(pose.end, camera), scene.ROD_WIDTH)
    knob, _ = stroke(pixels, project(ELBOW, camera), joint, scene.KNOB_WIDTH)
    behind = (1 - line) * (1 - knob)
    return np.stack([behind, line * (1 - knob) * scene.ROD_GREY + knob * scene.KNOB_GREY])


def corner(pose: Pose, camera: int) -> NDArray[np.int64]:
    """Return row and column of the first pixel of the box of knob and rod, shape (2,)."""
    middle = (project(ELBOW, camera) + project(pose.end, camera)) / 2
    first = np.rint(middle[::-1] - SIZE / 2).astype(np.int64)
    return np.asarray(np.clip(first, 0, scene.PIXELS - SIZE))
