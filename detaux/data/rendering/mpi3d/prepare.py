"""The sprites of all 57,600 geometries, drawn once and cached, and the 4,800 rods, drawn when needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.cache import ArrayWriter, cached_array
from detaux.data.rendering.mpi3d import scene, sprites, strokes
from detaux.data.rendering.mpi3d.arm import Pose, pose
from detaux.data.rendering.mpi3d.camera import depth_of
from detaux.data.rendering.mpi3d.solids import solid

POSES = scene.AXIS_STEPS**2
VIEWS = len(scene.CAMERAS) * POSES
"""A view is a camera, a horizontal and a vertical value, in row-major order."""
KINDS = len(scene.SHAPES) * len(scene.SIZES)
"""A kind of object is a shape and a size."""
BRIGHTNESS_SCALE = 255 / scene.BRIGHTEST
"""Of brightness 1 in a sprite."""


def rendered_sprites(progress: Progress) -> NDArray[np.uint8]:
    """Open the sprites, drawing them first where there are none, or damaged ones.

    Returns:
        Shape (KINDS * VIEWS, 2, S, S), S = `sprites.SIZE`, uint8, memory-mapped: the share of what lies behind times
        255, and the brightness times `BRIGHTNESS_SCALE`.

    Raises:
        DataError: If the cache cannot be written.
    """

    def fill(path: Path) -> Mapping[str, Any]:
        with ArrayWriter(path, (KINDS * VIEWS, 2, sprites.SIZE, sprites.SIZE)) as writer:
            for view, (camera, at) in enumerate(views()):
                for kind, maps in enumerate(_sprites(at, camera)):
                    writer.put(kind * VIEWS + view, maps[None])
                progress((view + 1) / VIEWS, "rendering MPI3D's objects")
        return {}

    return cached_array("mpi3d-rendered", {"renderer_version": scene.RENDERER_VERSION}, fill).array


def views() -> Iterator[tuple[int, Pose]]:
    """Yield camera and pose of all views."""
    for number in range(VIEWS):
        camera, axes = divmod(number, POSES)
        yield camera, pose(*divmod(axes, scene.AXIS_STEPS))


def rods() -> NDArray[np.uint8]:
    """Draw knob and rod of all views, shape (VIEWS, 2, S, S), S = `strokes.SIZE`: share behind times 255, and grey."""
    scale = np.array((255, 1))[:, None, None]
    drawn = np.empty((VIEWS, 2, strokes.SIZE, strokes.SIZE), dtype=np.uint8)
    for number, (camera, at) in enumerate(views()):
        pixels = strokes.centres(strokes.corner(at, camera), strokes.SIZE)
        drawn[number] = np.rint(scale * strokes.rod(at, camera, pixels))
    return drawn


def _sprites(at: Pose, camera: int) -> Iterator[NDArray[np.uint8]]:
    """Draw the objects of all kinds in one view, behind the rod where that is nearer to the camera."""
    pixels = strokes.centres(sprites.corner(at, camera), sprites.SIZE)
    behind = depth_of(at.centre, camera) > depth_of(at.joint, camera)
    free = strokes.rod(at, camera, pixels)[0] if behind else 1.0
    for kind in range(KINDS):
        share, bright = sprites.sprite(solid(*divmod(kind, len(scene.SIZES))), at, camera)
        maps = np.stack([255 * (1 - free * (1 - share)), BRIGHTNESS_SCALE * free * bright])
        yield np.rint(maps).astype(np.uint8)
