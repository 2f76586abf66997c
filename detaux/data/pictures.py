"""Telling embeddings from pictures."""

from __future__ import annotations

from detaux.core.errors import DataError


def is_embedding(image_shape: tuple[int, int, int]) -> bool:
    """Tell whether images of a shape (H, W, 3) are embeddings: a single row of several pixels."""
    height, width, _ = image_shape
    return height == 1 < width


def check_pictures(image_shape: tuple[int, int, int], remedy: str) -> None:
    """Check that images are no embeddings, whose neighbouring pixels have nothing to do with each other.

    Args:
        image_shape: (H, W, 3).
        remedy: End of the error's text.

    Raises:
        DataError: If they are.
    """
    if is_embedding(image_shape):
        height, width, _ = image_shape
        raise DataError(f"images of {height} x {width} pixels are embeddings, not pictures; {remedy}")
