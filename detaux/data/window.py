"""Windows drawn at random places of images, for corruptions that touch a part of each."""

from __future__ import annotations

import torch
from torch import Tensor


def draw_windows(images: Tensor, axis: int, side: float, generator: torch.Generator) -> tuple[Tensor, int]:
    """Draw where along an axis each image's window begins; every place inside the image is equally likely.

    Args:
        images: Shape (B, 3, H, W).
        axis: 2 for rows, 3 for columns.
        side: Share of the axis that a window takes, in (0, 1], rounded to whole pixels, at least one.
        generator: Of the draws; drawn on its own device, then moved to the images'.

    Returns:
        First pixel of each window, shape (B, 1), long, on the images' device; and how many pixels windows have.
    """
    size = images.shape[axis]
    length = max(1, round(side * size))
    starts = torch.randint(size - length + 1, (len(images), 1), generator=generator, device=generator.device)
    return starts.to(images.device), length
