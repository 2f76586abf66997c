from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from detaux.data.files.decoding import decode_image
from detaux.data.files.image_source import DamagedImageError


def encoded(pixels: NDArray[np.generic], kind: str) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind)
    return stream.getvalue()


def test_decoding_resizes_the_shorter_side_and_crops_the_centre() -> None:
    wide = np.zeros((8, 24, 3), np.uint8)
    wide[:, 8:16] = (10, 20, 30)
    decoded = decode_image(encoded(wide, "PNG"), 4)
    np.testing.assert_array_equal(decoded[:, 1:3], np.broadcast_to([10, 20, 30], (4, 2, 3)))
    np.testing.assert_allclose(
        decoded, np.broadcast_to([10, 20, 30], (4, 4, 3)), atol=5
    )  # the edge is interpolated


@pytest.mark.parametrize("order", ["<u2", ">u2"])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_grey_of_16_bits_is_scaled_to_8(kind: str, order: str) -> None:
    for deep, grey in ((0, 0), (257, 1), (30_000, 117), (65_535, 255)):
        pixels = np.full((4, 4), deep, order)
        assert decode_image(
            encoded(pixels.astype(np.uint16) if kind != "TIFF" else pixels, kind), 4
        ).tolist() == (np.full((4, 4, 3), grey).tolist())


@pytest.mark.parametrize(("dtype", "what"), [(np.float32, "floats"), (np.int32, "integers")])
def test_pixels_of_unknown_range_are_refused(dtype: type, what: str) -> None:
    content = encoded(np.full((4, 4), 0.5).astype(dtype), "TIFF")
    with pytest.raises(DamagedImageError, match=f"32-bit {what} of unknown range; save it with 8 or 16 bits"):
        decode_image(content, 4)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK"])
def test_other_modes_become_colour(mode: str, tmp_path: Path) -> None:
    path = tmp_path / "white.tif"
    Image.new("RGB", (4, 4), "white").convert(mode).save(path)
    assert decode_image(path.read_bytes(), 4).tolist() == np.full((4, 4, 3), 255).tolist()


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(DamagedImageError, match="cannot be decoded; mend it"):
        decode_image(b"no image", 4)
