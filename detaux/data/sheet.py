"""Many images on one sheet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.data.pictures import check_pictures

GAP = 2
"""Pixels between two images."""
_GREY, _WHITE = 128, 255


def contact_sheet(images: NDArray[np.uint8], columns: int) -> NDArray[np.uint8]:
    """Lay images out in rows, from left to right, with a gap of mid grey between them.

    Args:
        images: Shape (N, H, W, 3), uint8, N at least 1.
        columns: Images a row, at least 1; the last row is filled up with white.

    Returns:
        Shape (R * (H + GAP) - GAP, columns * (W + GAP) - GAP, 3) with R = ceil(N / columns), uint8.

    Raises:
        ValueError: If there is no image, another shape, or `columns` is below 1.
        DataError: If the images are embeddings.
    """
    if images.ndim != 4 or images.shape[3] != 3 or not len(images):  # noqa: PLR2004 - (N, H, W, 3)
        raise ValueError(f"images must have the shape (N, H, W, 3) with N at least 1, found {images.shape}")
    if columns < 1:
        raise ValueError(f"columns must be at least 1, found {columns}")
    check_pictures(images.shape[1:], "there is no sheet of them")
    num_images, height, width, _ = images.shape
    rows = -(-num_images // columns)
    cells = np.full((rows * columns, height + GAP, width + GAP, 3), _GREY, dtype=np.uint8)
    cells[:, :height, :width] = _WHITE
    cells[:num_images, :height, :width] = images
    grid = cells.reshape(rows, columns, height + GAP, width + GAP, 3).swapaxes(1, 2)
    return grid.reshape(rows * (height + GAP), columns * (width + GAP), 3)[:-GAP, :-GAP]
