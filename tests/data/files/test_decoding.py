from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

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


def exif_of(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return exif


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_images_are_turned_upright_before_they_are_cropped(kind: str, orientation: int) -> None:
    rng = np.random.default_rng(orientation)
    stored = Image.fromarray(rng.integers(0, 256, (12, 20, 3), np.uint8))
    stream = io.BytesIO()
    stored.save(stream, kind, exif=exif_of(orientation))
    with Image.open(stream) as image:
        upright = ImageOps.exif_transpose(image)
    assert upright.size == ((20, 12) if orientation < 5 else (12, 20))
    expected = decode_image(encoded(np.asarray(upright), "PNG"), 12)
    np.testing.assert_array_equal(decode_image(stream.getvalue(), 12), expected)


def test_grey_of_16_bits_is_turned_too() -> None:
    pixels = np.zeros((4, 4), np.uint16)
    pixels[0] = 65_535
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", exif=exif_of(3))
    assert decode_image(stream.getvalue(), 4)[:, 0, 0].tolist() == [0, 0, 0, 255]


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0MM", b"Exif\0\0nonsense that is no table", b"MM\0*\0\0\0\x08\xff\xff"]
)
def test_damaged_exif_turns_nothing(exif: bytes) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), (10, 20, 30)).save(stream, "PNG", exif=exif)
    assert (decode_image(stream.getvalue(), 4) == [10, 20, 30]).all()


@pytest.mark.parametrize(
    ("mode", "colour", "expected"), [("RGBA", (200, 10, 20, 0), (200, 10, 20)), ("LA", (90, 0), (90, 90, 90))]
)
def test_transparency_is_dropped(mode: str, colour: tuple[int, ...], expected: tuple[int, ...]) -> None:
    stream = io.BytesIO()
    Image.new(mode, (4, 4), colour).save(stream, "PNG")
    assert (decode_image(stream.getvalue(), 4) == expected).all()


def test_a_transparent_palette_is_told_to_nobody() -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 250, 100, 0])
    stream = io.BytesIO()
    image.save(stream, "PNG", transparency=b"\x80\x40")
    assert (decode_image(stream.getvalue(), 4) == [250, 100, 0]).all()


def test_damage_that_pillow_meets_with_a_type_error_is_told() -> None:
    """Where the pixels lie is told in letters, not numbers."""
    content = bytearray(encoded(np.zeros((8, 8, 3), np.uint8), "TIFF"))
    content[content.index(struct.pack("<H", 273)) + 2] = 2
    with pytest.raises(DamagedImageError, match="cannot be decoded; mend it") as told:
        decode_image(bytes(content), 4)
    assert isinstance(told.value.__cause__, TypeError)


def test_formats_of_other_endings_are_not_decoded() -> None:
    """Among them EPS, which starts a program."""
    with pytest.raises(DamagedImageError, match="cannot be decoded"):
        decode_image(encoded(np.zeros((8, 8, 3), np.uint8), "TGA"), 4)
    with pytest.raises(DamagedImageError, match="cannot be decoded") as told:
        decode_image(encoded(np.zeros((8, 8, 3), np.uint8), "EPS"), 4)
    assert "cannot identify image file" in str(told.value.__cause__)


@pytest.mark.parametrize("width", [10_001, 20_001])
def test_an_image_of_too_many_pixels_is_told_with_its_size(width: int) -> None:
    """Of the first Pillow warns, and a warning would fail here; at the second it stops."""
    told = f"^has {width * 10_000:,} pixels, and at most 89,478,485 are decoded; make it smaller$"
    with pytest.raises(DamagedImageError, match=told):
        decode_image(b"P4 %d 10000\n" % width, 4)
