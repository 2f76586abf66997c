"""Turning image files into squares of one size."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from detaux.data.files.image_formats import READ
from detaux.data.files.image_source import DamagedImageError

_SCALED_TO_16_BITS = {"PNG", "PPM"}
"""Formats of which Pillow gives 16-bit grey as 32-bit integers, in all its releases or in older ones."""
_FROM_16_BITS = 257  # 65535 / 255
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes an image upright, by the orientation that its EXIF tells (EXIF 2.32, tag 0x0112)."""


def decode_image(content: bytes, size: int) -> NDArray[np.uint8]:
    """Decode an image file, turn it upright, resize its shorter side to `size` and crop the centre.

    The format is told from the content, among those of `image_formats.READ`. Upright is what EXIF says. Grey of 16
    bits is scaled to 8: black stays black and white white. Transparency is dropped: a pixel has the colour that is
    stored, seen or not. Of several frames the first is taken.

    Returns:
        Shape (size, size, 3), uint8.

    Raises:
        DamagedImageError: If it cannot be decoded, has more than `PIL.Image.MAX_IMAGE_PIXELS` pixels, or its pixels
            are 32-bit numbers, whose range no one knows.
    """
    with _faults_told(), Image.open(io.BytesIO(content), formats=list(READ)) as image:
        upright = _upright(_in_colour(image), image)
        square = ImageOps.fit(upright, (size, size), Image.Resampling.BILINEAR)
    return np.asarray(square)


@contextmanager
def _faults_told() -> Iterator[None]:
    """Turn what Pillow raises or warns of into damage; its other warnings name no file, and stop nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except DamagedImageError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise DamagedImageError(_too_large(error)) from error
    except Exception as error:  # Pillow's readers meet damage with errors of any kind
        raise DamagedImageError("cannot be decoded; mend it") from error


def _too_large(error: Exception) -> str:
    """Say how large an image is, which only Pillow's text tells, and the one bound, of which it warns at first."""
    told = re.search(r"\((\d+) pixels\)", str(error))
    pixels = f"{int(told[1]):,}" if told else "too many"
    return f"has {pixels} pixels, and at most {Image.MAX_IMAGE_PIXELS:,} are decoded; make it smaller"


def _upright(pixels: Image.Image, image: Image.Image) -> Image.Image:
    """Turn pixels as the image that they were read from tells; TIFF was turned by Pillow, which then tells nothing."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - damaged EXIF ends in errors of any kind, and the pixels are whole
        return pixels
    turn = _TURNS.get(orientation)
    return pixels if turn is None else pixels.transpose(turn)


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
