"""Turning image files into squares of one size."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from detaux.data.files.image_source import DamagedImageError

_UNDECODABLE = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)
_SCALED_TO_16_BITS = {"PNG", "PPM"}
"""Formats of which Pillow gives 16-bit grey as 32-bit integers, in all its releases or in older ones."""
_FROM_16_BITS = 257  # 65535 / 255


def decode_image(content: bytes, size: int) -> NDArray[np.uint8]:
    """Decode an image file, resize its shorter side to `size` and crop the centre.

    Grey of 16 bits is scaled to 8: black stays black and white white.

    Returns:
        Shape (size, size, 3), uint8.

    Raises:
        DamagedImageError: If it cannot be decoded, or its pixels are 32-bit numbers, whose range no one knows.
    """
    try:
        with Image.open(io.BytesIO(content)) as image:
            square = ImageOps.fit(_in_colour(image), (size, size), Image.Resampling.BILINEAR)
    except _UNDECODABLE as error:
        raise DamagedImageError("cannot be decoded; mend it") from error
    return np.asarray(square)


def _in_colour(image: Image.Image) -> Image.Image:
    is_16_bit = image.mode == "I" and image.format in _SCALED_TO_16_BITS
    if is_16_bit or image.mode.startswith("I;16"):
        grey = np.rint(np.asarray(image) / _FROM_16_BITS).astype(np.uint8)
        return Image.fromarray(grey).convert("RGB")
    if image.mode in {"I", "F"}:
        kind = "floats" if image.mode == "F" else "integers"
        raise DamagedImageError(
            f"has pixels that are 32-bit {kind} of unknown range; save it with 8 or 16 bits"
        )
    return image.convert("RGB")
