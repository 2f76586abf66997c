"""What no joint moves: the ground, the ring behind the arm, foot and post."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering.mpi3d import scene
from detaux.data.rendering.mpi3d.strokes import Map, foot, post

_SAMPLES = 3
"""A pixel, one above the other; the ring's edges are nearly level."""
_U = (np.arange(scene.PIXELS) + 0.5) / (scene.PIXELS / 2) - 1
_POWERS = np.stack([_U**4, _U**2, _U, np.ones_like(_U)])
"""Of each column's place, from -1 at the left to 1."""


def backdrops() -> NDArray[np.uint8]:
    """Draw every camera with every ring, shape (3, 3, 64, 64, 3)."""
    images = [_backdrop(camera, rgb) for camera in range(len(scene.CAMERAS)) for rgb in scene.RING_RGB]
    shape = (len(scene.CAMERAS), len(scene.RING_RGB), scene.PIXELS, scene.PIXELS, 3)
    return np.rint(images).astype(np.uint8).reshape(shape)


def ring(camera: int) -> Map:
    """Return how much of each pixel the ring covers."""
    top, bottom = _ring_edges(camera)
    rows = ((np.arange(scene.PIXELS * _SAMPLES) + 0.5) / _SAMPLES)[:, None]
    inside = (rows > top) & (rows < bottom)
    return np.asarray(inside.reshape(scene.PIXELS, _SAMPLES, scene.PIXELS).mean(axis=1))


def ring_light(camera: int) -> Map:
    """Return the ring's brightness by which its colour is multiplied: it falls to both sides and rises downwards."""
    top, bottom = _ring_edges(camera)
    down = (np.arange(scene.PIXELS)[:, None] + 0.5 - top) / (bottom - top)
    return np.asarray(np.array(scene.RING_LIGHT[camera]) @ _POWERS + scene.RING_LIGHT_DOWN * (down - 0.5))


def _ring_edges(camera: int) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Return the rows where the ring begins and ends in each column, each of shape (64,)."""
    return np.array(scene.RING_TOP[camera]) @ _POWERS, np.array(scene.RING_BOTTOM[camera]) @ _POWERS


def _backdrop(camera: int, rgb: tuple[int, int, int]) -> NDArray[np.floating]:
    image = np.broadcast_to(np.array(scene.BACKGROUND, dtype=float), (scene.PIXELS, scene.PIXELS, 3))
    post_cover, post_grey = post(camera)
    image = _over(image, ring(camera), ring_light(camera)[..., None] * np.array(rgb))
    image = _over(image, foot(camera), np.array(scene.FOOT_GREY))
    return _over(image, post_cover, post_grey[..., None])


def _over(image: NDArray[np.floating], cover: Map, colour: NDArray[np.number]) -> NDArray[np.floating]:
    return np.asarray(image + cover[..., None] * (colour - image))
