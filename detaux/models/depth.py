"""Telling images that a backbone would shrink to nothing."""

from __future__ import annotations

from detaux.core.errors import DataError


def check_depth(name: str, image_shape: tuple[int, int, int], smallest: int) -> None:
    """Check that a backbone leaves a map of the images.

    Args:
        name: Of the backbone.
        image_shape: (H, W, 3).
        smallest: Least height and width, in pixels.

    Raises:
        DataError: If the images are smaller.
    """
    height, width, _ = image_shape
    if min(height, width) < smallest:
        raise DataError(
            f"{name} needs images of {smallest} x {smallest} pixels or more, but they are {height} x {width}:"
            " it is too deep for the image size"
        )
