"""What is seen, in the form that any colours can be put into.

A hue's channels take six levels only, so for each geometry and each coloured material six maps are enough: what the
material adds to each pixel at each level. Three more maps hold the sky's three channels. An image's channel is the sum
of one floor, one wall, one object and one sky map, exactly, whatever the hues.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering import scene
from detaux.data.rendering.camera import camera_at
from detaux.data.rendering.room import Material, empty_room
from detaux.data.rendering.view import View, view_object

SAMPLES_PER_SIDE = 3
NUM_COLOURED = 3
NUM_MAPS = NUM_COLOURED * scene.NUM_LEVELS + 3
"""Maps of a geometry: six levels of floor, of wall, of object, then the sky's red, green and blue."""
NUM_GEOMETRIES = len(scene.SCALES) * len(scene.SHAPES) * len(scene.ORIENTATIONS)


def render_maps() -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Render all geometries, one camera after the other.

    Yields:
        Number of the geometry, in row-major order of scale, shape and orientation, and its maps, shape
        (NUM_MAPS, 64 * 64), uint8.
    """
    for orientation, angle in enumerate(scene.ORIENTATIONS):
        room = empty_room(camera_at(angle, samples_per_side=SAMPLES_PER_SIDE))
        for scale_and_shape in range(len(scene.SCALES) * len(scene.SHAPES)):
            scale, shape = divmod(scale_and_shape, len(scene.SHAPES))
            view = view_object(room, scene.SHAPES[shape], scene.SCALES[scale])
            yield scale_and_shape * len(scene.ORIENTATIONS) + orientation, maps_of(view)


def maps_of(view: View) -> NDArray[np.uint8]:
    """Average the samples of each pixel at every level of every material.

    Returns:
        Maps of one geometry, shape (NUM_MAPS, 64 * 64), uint8; no image made of them exceeds 255.
    """
    levels = np.linspace(0, 1, scene.NUM_LEVELS, dtype=np.float32)
    shown = [np.minimum(level * view.brightness + view.gloss, 1) for level in levels]
    maps = [
        _pixel_means(one * (view.material == material)) for material in range(NUM_COLOURED) for one in shown
    ]
    sky = _pixel_means((view.material == Material.SKY).astype(np.float32))
    maps += [sky * np.float32(channel / 255) for channel in scene.SKY_RGB]
    return without_overflow(255 * np.stack(maps))


def shrink_maps(maps: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Average the maps of one geometry over square areas.

    Args:
        maps: Shape (NUM_MAPS, 64 * 64), uint8.
        size: Rows and columns wanted, a divisor of 64.

    Returns:
        Shape (NUM_MAPS, size * size), uint8.
    """
    area = scene.PIXELS // size
    blocks = maps.reshape(NUM_MAPS, size, area, size, area)
    return without_overflow(blocks.mean(axis=(2, 4), dtype=np.float32).reshape(NUM_MAPS, -1))


def without_overflow(maps: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Round maps so that no sum of one map a material exceeds 255.

    Rounding can lift the sum of a pixel's parts by 2 at most, and only where materials meet. The largest part is then
    capped by so much, at every level.

    Args:
        maps: Shape (NUM_MAPS, P), in [0, 255].
    """
    whole = np.rint(maps).astype(np.int16)
    coloured = whole[: NUM_COLOURED * scene.NUM_LEVELS].reshape(NUM_COLOURED, scene.NUM_LEVELS, -1)
    sky = whole[NUM_COLOURED * scene.NUM_LEVELS :]
    brightest = coloured[:, -1]
    excess = np.maximum(brightest.sum(axis=0) + sky.max(axis=0) - 255, 0)
    largest = np.arange(NUM_COLOURED)[:, None] == brightest.argmax(axis=0)
    capped = np.minimum(coloured, (brightest - excess * largest)[:, None])
    return np.concatenate([capped.reshape(-1, maps.shape[1]), sky]).astype(np.uint8)


def _pixel_means(samples: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Average (M,) samples over each pixel to shape (P,)."""
    return np.asarray(samples.reshape(-1, scene.PIXELS**2).mean(axis=0))
