"""Windows drawn at random places of images, for corruptions that touch a part of each."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from detaux.data.draws import Draws


class Window(NamedTuple):
    """A stretch of pixels of each image of a batch, along its rows or its columns."""

    starts: Tensor
    """First pixel of each, shape (B, 1), long."""
    length: int
    """How many pixels each has, at least 1."""


def draw_windows(images: Tensor, side: float, draws: Draws) -> tuple[Window, Window]:
    """Draw where each image's window lies; every place inside the image is equally likely.

    Args:
        images: Shape (B, 3, H, W).
        side: Share of the height and of the width that a window takes, in (0, 1], rounded to whole pixels, at least one.
        draws: Of these images.

    Returns:
        The windows along rows and along columns, on the device of the draws.
    """
    height, width = images.shape[2:]
    rows, columns = draws.uniform(2).unbind(1)
    return _window(rows, height, side), _window(columns, width, side)


def _window(draw: Tensor, size: int, side: float) -> Window:
    """Return the window along an axis of `size` pixels, for draws (B,) of [0, 1)."""
    length = max(1, round(side * size))
    return Window((draw * (size - length + 1)).to(torch.long)[:, None], length)
