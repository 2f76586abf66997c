"""The arm in flat greys: how much of each pixel its parts cover, with edges one pixel soft."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering.mpi3d import scene
from detaux.data.rendering.mpi3d.arm import ELBOW, Pose
from detaux.data.rendering.mpi3d.camera import Places, box_samples, project

_SHORTEST = 1e-6
_WIDTHS = (scene.ROD_WIDTH, scene.SLEEVE_WIDTH, scene.KNOB_WIDTH)
SIZE = 24
"""Rows and columns of the box that holds knob and rod in every pose."""
Map = NDArray[np.floating]
"""A value for each pixel of a square, shape (S, S)."""


def centres(first: NDArray[np.int64], size: int) -> Places:
    """Return the middles of a square of pixels, shape (size, size, 2); `first` is its first row and column."""
    return box_samples(first, size, 1)[:, 0, :, 0]


FOOT = np.array((0.0, 0.0, scene.FOOT_HEIGHT))
"""Where the post stands on the disc."""
IMAGE = centres(np.zeros(2, dtype=np.int64), scene.PIXELS)
"""The middles of an image's pixels, shape (64, 64, 2)."""


def stroke(pixels: Places, start: Places, end: Places, width: NDArray[np.floating]) -> tuple[Map, Map]:
    """Draw lines with round ends, at least a pixel wide.

    Args:
        pixels: Middles of pixels, shape (S, S, 2).
        start: Shape (..., 2), as `end`.
        end: Other ends.
        width: In pixels, shape (...).

    Returns:
        Cover of each pixel, 0 to 1, and how far along the line it lies, 0 to 1; both of shape (..., S, S).
    """
    across, down = np.moveaxis((end - start)[..., None, None], -3, 0)
    from_left, from_top = np.moveaxis(pixels - start[..., None, None, :], -1, 0)
    length = np.maximum(across**2 + down**2, _SHORTEST)
    along = np.clip((from_left * across + from_top * down) / length, 0, 1)
    distance = np.hypot(from_left - along * across, from_top - along * down)
    return np.clip((width[..., None, None] + 1) / 2 - distance, 0, 1), along


def foot(camera: int) -> Map:
    """Return the cover of the disc on which the arm stands."""
    radii = np.array(scene.FOOT_RADII)
    away = np.linalg.norm((IMAGE - project(FOOT, camera)) / radii, axis=-1)
    return np.asarray(np.clip((1 - away) * radii.min() + 0.5, 0, 1))


def post(camera: int) -> tuple[Map, Map]:
    """Return cover and grey of the post."""
    low, high = scene.POST_GREYS
    cover, along = stroke(IMAGE, project(FOOT, camera), project(ELBOW, camera), np.array(scene.POST_WIDTH))
    return cover, low + (high - low) * along


def rod(pose: Pose, camera: int, pixels: Places) -> NDArray[np.floating]:
    """Draw the rod, the sleeve that turns with it, and over both the knob between post and rod.

    Returns:
        Share of each pixel that shows what lies behind, and the grey added to it, shape (2, S, S).
    """
    sleeve = ELBOW + scene.SLEEVE_LENGTH * pose.frame[2]
    starts = project(np.stack([pose.joint, ELBOW, ELBOW]), camera)
    ends = project(np.stack([pose.end, sleeve, pose.joint]), camera)
    covers, along = stroke(pixels, starts, ends, np.array(_WIDTHS))
    first, last = starts[:, 1, None, None], ends[:, 1, None, None]
    above = first + along * (last - first) - pixels[..., 1]
    greys = np.array((_rod_greys(pose), scene.SLEEVE_GREYS, scene.KNOB_GREYS)).T[..., None, None]
    drawn = np.stack([np.ones_like(above[0]), np.zeros_like(above[0])])
    for cover, grey in zip(covers, greys[0] + greys[1] * above, strict=True):
        drawn *= 1 - cover
        drawn[1] += cover * grey
    return drawn


def _rod_greys(pose: Pose) -> tuple[float, float]:
    """Return the rod's grey by its tilt, and that it is the same above and below its axis."""
    upright, level = scene.ROD_GREYS
    return upright + (level - upright) * float(np.hypot(*pose.frame[2, :2])), 0.0


def corner(pose: Pose, camera: int) -> NDArray[np.int64]:
    """Return row and column of the first pixel of the box of knob and rod, shape (2,)."""
    middle = (project(ELBOW, camera) + project(pose.end, camera)) / 2
    first = np.rint(middle[::-1] - SIZE / 2).astype(np.int64)
    return np.asarray(np.clip(first, 0, scene.PIXELS - SIZE))
