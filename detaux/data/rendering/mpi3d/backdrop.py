"""What no joint moves: the ground, the ring behind the arm, foot and post."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering.mpi3d import scene
from detaux.data.rendering.mpi3d.strokes import Map, foot, post

_SAMPLES = 3
"""A pixel, one above the other; the ring's edges are nearly level."""


def backdrops() -> NDArray[np.uint8]:
    """Draw every camera with every ring, shape (3, 3, 64, 64, 3)."""
    images = [_backdrop(camera, rgb) for camera in range(len(scene.CAMERAS)) for rgb in scene.RING_RGB]
    shape = (len(scene.CAMERAS), len(scene.RING_RGB), scene.PIXELS, scene.PIXELS, 3)
    return np.rint(images).astype(np.uint8).reshape(shape)


def ring(camera: int) -> Map:
    """Return how much of each pixel the ring covers."""
    u = (np.arange(scene.PIXELS) + 0.5) / (scene.PIXELS / 2) - 1
    powers = np.stack([u**4, u**2, u, np.ones_like(u)])
    top, bottom = np.array(scene.RING_TOP[camera]) @ powers, np.array(scene.RING_BOTTOM[camera]) @ powers
    rows = ((np.arange(scene.PIXELS * _SAMPLES) + 0.5) / _SAMPLES)[:, None]
    inside = (rows > top) & (rows < bottom)
    return np.asarray(inside.reshape(scene.PIXELS, _SAMPLES, scene.PIXELS).mean(axis=1))


def _backdrop(camera: int, rgb: tuple[int, int, int]) -> NDArray[np.floating]:
    image = np.broadcast_to(np.array(scene.BACKGROUND, dtype=float), (scene.PIXELS, scene.PIXELS, 3))
    post_cover, post_grey = post(camera)
    image = _over(image, ring(camera), np.array(rgb))
    image = _over(image, foot(camera), np.array(scene.FOOT_GREY))
    return _over(image, post_cover, post_grey[..., None])


def _over(image: NDArray[np.floating], cover: Map, colour: NDArray[np.number]) -> NDArray[np.floating]:
    return np.asarray(image + cover[..., None] * (colour - image))
