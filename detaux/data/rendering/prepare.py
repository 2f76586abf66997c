"""The maps of all geometries, rendered once and cached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.cache import ArrayWriter, cached_array
from detaux.data.rendering.maps import NUM_GEOMETRIES, NUM_MAPS, render_maps, shrink_maps
from detaux.data.rendering.scene import PIXELS, RENDERER_VERSION


def rendered_maps(image_size: int, progress: Progress) -> NDArray[np.uint8]:
    """Open the maps of all geometries, rendering them first where there are none, or damaged ones.

    Args:
        image_size: Rows and columns: 64, or a divisor of it, for which areas of the large maps are averaged.
        progress: Hears of the rendering.

    Returns:
        Shape (NUM_GEOMETRIES, NUM_MAPS, image_size ** 2), uint8, memory-mapped.

    Raises:
        DataError: If the cache cannot be written.
    """

    def fill(path: Path) -> Mapping[str, Any]:
        if image_size == PIXELS:
            _write(path, image_size, render_maps(), progress)
        else:
            large = enumerate(rendered_maps(PIXELS, progress))
            _write(
                path,
                image_size,
                ((number, shrink_maps(maps, image_size)) for number, maps in large),
                progress,
            )
        return {}

    facts = {"renderer_version": RENDERER_VERSION, "image_size": image_size}
    return cached_array("shapes3d-rendered", facts, fill).array


def _write(
    path: Path, image_size: int, geometries: Iterable[tuple[int, NDArray[np.uint8]]], progress: Progress
) -> None:
    with ArrayWriter(path, (NUM_GEOMETRIES, NUM_MAPS, image_size**2)) as writer:
        for done, (number, maps) in enumerate(geometries, start=1):
            writer.put(number, maps[None])
            progress(done / NUM_GEOMETRIES, f"rendering 3D Shapes at {image_size} px")
