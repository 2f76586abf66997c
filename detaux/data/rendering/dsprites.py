"""The sprites of dSprites from their formulas: every pixel whose centre lies inside the shape is white."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

RENDERER_VERSION = 1
"""Goes up whenever an image changes."""
PIXELS = 64
"""Rows and columns of an image."""
SHAPES = ("square", "ellipse", "heart")
SCALES = np.linspace(0.5, 1, 6)
ORIENTATIONS = np.linspace(0, 2 * np.pi, 40)
"""Radians; the last is the first again, as in the official set."""
POSITIONS = 32
"""A step of posX or posY is one pixel; the centre goes from pixel 16 to pixel 47."""

_CANVAS = PIXELS - POSITIONS + 1  # a sprite with its centre on the middle pixel: no sprite is larger
_SIDE = 22.4  # of the square of scale 1, in pixels; its corners stay 15.84 from the centre
_AXES = (11.2, 5.6)  # half axes of the ellipse
_HEART = 7.09  # pixels a unit of the curve: with it the mean of all images is 0.0425, as published


def sprite(shape: str, scale: float, orientation: float) -> NDArray[np.bool_]:
    """Draw one sprite around its middle pixel.

    Args:
        shape: One of `SHAPES`.
        scale: Share of the largest size.
        orientation: Radians, turning x towards y, which points down.

    Returns:
        Shape (33, 33), rows are y.
    """
    axis = np.arange(_CANVAS, dtype=np.float64) - _CANVAS // 2
    x, y = np.meshgrid(axis / scale, axis / scale)
    cosine, sine = np.cos(orientation), np.sin(orientation)
    return _inside(shape, cosine * x + sine * y, cosine * y - sine * x)


def _inside(shape: str, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which points lie in a shape of scale 1 that is not turned."""
    if shape == "square":
        return np.maximum(np.abs(x), np.abs(y)) < _SIDE / 2
    if shape == "ellipse":
        return (x / _AXES[0]) ** 2 + (y / _AXES[1]) ** 2 < 1
    u, v = x / _HEART, -y / _HEART
    return (u**2 + v**2 - 1) ** 3 < u**2 * v**3


@cache
def _frames() -> NDArray[np.uint8]:
    """Draw the 720 sprites, each in the middle of a frame so wide that an image is a window of it."""
    drawn = [sprite(*latents) for latents in _latents()]
    border = POSITIONS - 1
    return np.pad(255 * np.array(drawn, dtype=np.uint8), ((0, 0), (border, border), (border, border)))


def _latents() -> list[tuple[str, float, float]]:
    return [
        (shape, float(scale), float(orientation))
        for shape in SHAPES
        for scale in SCALES
        for orientation in ORIENTATIONS
    ]


def images(index: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Render images of the full grid.

    Args:
        index: In [0, 737280), shape (B,); posY varies fastest, then posX, orientation, scale, shape.

    Returns:
        Shape (B, 64, 64), uint8, 0 or 255.
    """
    number, column, row = np.unravel_index(index, (len(_frames()), POSITIONS, POSITIONS))
    windows = np.lib.stride_tricks.sliding_window_view(_frames(), (PIXELS, PIXELS), axis=(1, 2))
    return np.asarray(windows[number, POSITIONS - 1 - row, POSITIONS - 1 - column])
