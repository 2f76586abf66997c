"""Images on demand: rod and object pasted into a backdrop."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.pixel_grid import area_means
from detaux.data.rendering.mpi3d import scene, sprites, strokes
from detaux.data.rendering.mpi3d.backdrop import backdrops
from detaux.data.rendering.mpi3d.prepare import (
    BRIGHTNESS_SCALE,
    POSES,
    VIEWS,
    rendered_sprites,
    rods,
    views,
)

_CHUNK_IMAGES = 32
_CHANNELS = 3


class RenderedMpi3d:
    """Reads images of MPI3D's twin; sprites are prepared at the first read.

    Args:
        image_size: Rows and columns: 64, or a divisor of it, for which areas of the large images are averaged.
        progress: Hears of the preparation.
    """

    def __init__(self, image_size: int, progress: Progress) -> None:
        self._image_size = image_size
        self._progress = progress

    def __call__(self, index: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Compose images.

        Args:
            index: In [0, 1036800), shape (B,), the last of `scene.FACTOR_SIZES` varying fastest.

        Returns:
            Shape (B, image_size, image_size, 3), uint8.

        Raises:
            DataError: If the cache cannot be written.
        """
        size = self._image_size
        images = np.empty((len(index), size, size, _CHANNELS), dtype=np.uint8)
        for start in range(0, len(index), _CHUNK_IMAGES):
            part = slice(start, start + _CHUNK_IMAGES)
            images[part] = area_means(self._composer.images(index[part]), size)
        return images

    @cached_property
    def _composer(self) -> Composer:
        return Composer(rendered_sprites(self._progress))


class Composer:
    """Makes images of 64 pixels.

    Args:
        objects: As `prepare.rendered_sprites` returns them.
    """

    def __init__(self, objects: NDArray[np.uint8]) -> None:
        self._backdrops = backdrops()
        self._rods = rods()
        self._objects = objects
        self._rod_corners = np.array([strokes.corner(at, camera) for camera, at in views()])
        self._object_corners = np.array([sprites.corner(at, camera) for camera, at in views()])
        self._colours = np.array(scene.OBJECT_RGB, dtype=np.float32) / np.float32(BRIGHTNESS_SCALE)

    def images(self, index: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Compose images, shape (B, 64, 64, 3), of places in the full set, shape (B,)."""
        colour, shape, size, camera, ground, *axes = np.unravel_index(index, scene.FACTOR_SIZES)
        view = POSES * camera + scene.AXIS_STEPS * axes[0] + axes[1]
        kind = len(scene.SIZES) * shape + size
        images = self._backdrops[camera, ground]
        grey = np.ones((len(index), _CHANNELS), dtype=np.float32)
        _paste(images, self._rods[view], self._rod_corners[view], grey)
        _paste(images, self._objects[VIEWS * kind + view], self._object_corners[view], self._colours[colour])
        return images


def _paste(
    images: NDArray[np.uint8],
    maps: NDArray[np.uint8],
    corners: NDArray[np.int64],
    colours: NDArray[np.float32],
) -> None:
    """Put one sprite into each image.

    Args:
        images: Shape (B, 64, 64, 3), changed in place.
        maps: Share of the image that stays times 255, and what is added, shape (B, 2, S, S).
        corners: Row and column of the sprite's first pixel, shape (B, 2).
        colours: By which the second map is multiplied, shape (B, 3).
    """
    batch, _, size, _ = maps.shape
    lines = images.reshape(batch, scene.PIXELS, scene.PIXELS * _CHANNELS)
    windows = np.lib.stride_tricks.sliding_window_view(
        lines, (size, size * _CHANNELS), axis=(1, 2), writeable=True
    )
    place = (np.arange(batch), corners[:, 0], _CHANNELS * corners[:, 1])
    stays, added = maps.astype(np.float32).transpose(1, 0, 2, 3)[..., None]
    under = windows[place].reshape(batch, size, size, _CHANNELS)
    mixed = under * (stays / np.float32(255)) + added * colours[:, None, None]
    np.minimum(np.rint(mixed, out=mixed), 255, out=mixed)
    windows[place] = mixed.reshape(batch, size, -1)
