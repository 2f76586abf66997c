"""Telling embeddings from pictures."""

from __future__ import annotations

from detaux.core.errors import DataError


def check_pictures(image_shape: tuple[int, int, int], remedy: str) -> None:
    """Check that images are no embeddings, whose neighbouring pixels have nothing to do with each other.

    Args:
        image_shape: (H, W, 3); a single row of several pixels is an embedding.
        remedy: End of the error's text.

    Raises:
        DataError: If they are.
    """
    height, width, _ = image_shape
    if height == 1 < width:
        raise DataError(f"images of {height} x {width} pixels are embeddings, not pictures; {remedy}")
