"""Any colours on a rendered geometry: an image is a sum of four of its maps a channel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering import scene
from detaux.data.rendering.maps import NUM_COLOURED, NUM_MAPS

_CHUNK_IMAGES = 32
_SKY_MAPS = NUM_COLOURED * scene.NUM_LEVELS + np.arange(3)


class Recolouring:
    """Makes images of geometries and hues.

    Args:
        maps: Of all G geometries, shape (G, NUM_MAPS, P), uint8, as `maps.without_overflow` leaves them.
    """

    def __init__(self, maps: NDArray[np.uint8]) -> None:
        self._maps = maps.reshape(-1, maps.shape[-1])
        self._hue_levels = scene.hue_levels()

    def images(self, geometry: NDArray[np.int64], hues: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Compose images.

        The work goes in chunks that stay in the processor's cache.

        Args:
            geometry: Which geometry, shape (B,), in [0, G).
            hues: Of floor, wall and object, shape (B, 3), in 0 to 9.

        Returns:
            Shape (B, P, 3), uint8, contiguous.
        """
        rows = self._rows(geometry, hues)
        images = np.empty((len(geometry), self._maps.shape[1], 3), dtype=np.uint8)
        sums = np.empty((_CHUNK_IMAGES, 3, self._maps.shape[1]), dtype=np.uint8)
        part = np.empty_like(sums)
        for start in range(0, len(images), _CHUNK_IMAGES):
            chunk = images[start : start + _CHUNK_IMAGES]
            self._sum_maps(rows[:, start : start + _CHUNK_IMAGES], sums[: len(chunk)], part[: len(chunk)])
            for channel in range(3):
                chunk[:, :, channel] = sums[: len(chunk), channel]
        return images

    def _rows(self, geometry: NDArray[np.int64], hues: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find the maps to add up, shape (4, B, 3): of floor, wall, object and sky for each image and channel."""
        coloured = scene.NUM_LEVELS * np.arange(NUM_COLOURED)[:, None, None] + self._hue_levels[hues.T]
        sky = np.broadcast_to(_SKY_MAPS, (1, len(geometry), 3))
        return np.asarray(NUM_MAPS * geometry[:, None] + np.concatenate([coloured, sky]))

    def _sum_maps(self, rows: NDArray[np.int64], sums: NDArray[np.uint8], part: NDArray[np.uint8]) -> None:
        """Add up four maps for each image and channel into `sums`, shape (b, 3, P); `part` is room to work in."""
        first, *others = rows
        np.take(self._maps, first, axis=0, out=sums, mode="clip")
        for row in others:
            np.take(self._maps, row, axis=0, out=part, mode="clip")
            np.add(sums, part, out=sums)
