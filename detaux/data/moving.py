"""Moving the pixels of a batch without mixing them: images mirrored, and images shifted under reflected borders."""

from __future__ import annotations

import torch
from torch import Tensor

from detaux.core.errors import DataError
from detaux.data.pictures import check_pictures

NO_AUGMENTATION = "use the augmentation none"
"""Remedy where images are no pictures."""


def mirrored(images: Tensor, chosen: Tensor) -> Tensor:
    """Mirror some images of a batch left to right.

    Args:
        images: Shape (B, 3, H, W).
        chosen: Which to mirror, shape (B,), bool, on their device.
    """
    return torch.empty_like(images).copy_(torch.where(chosen[:, None, None, None], images.flip(3), images))


def shifted(images: Tensor, rows: Tensor, columns: Tensor, *, padding: int) -> Tensor:
    """Pad each image by reflection without its edge, and cut a part of its size out; every place is equally likely.

    Args:
        images: Shape (B, 3, H, W), H and W above `padding`.
        rows: Draws of [0, 1) that choose the cut's first row, shape (B,), on the images' device.
        columns: Likewise its first column.
        padding: Pixels on each side.
    """
    height, width = images.shape[2:]
    places = torch.arange(len(images), device=images.device)[:, None, None]
    read_rows = _sources(rows, height, padding)[:, :, None]
    read_columns = _sources(columns, width, padding)[:, None, :]
    cut = images.permute(0, 2, 3, 1)[places, read_rows, read_columns]
    return torch.empty_like(images).copy_(cut.permute(0, 3, 1, 2))


def check_padding(image_shape: tuple[int, int, int], padding: int) -> None:
    """Check that images of a shape (H, W, 3) can be padded by reflection.

    Raises:
        DataError: If they are embeddings, or a side is no longer than the padding.
    """
    check_pictures(image_shape, NO_AUGMENTATION)
    height, width, _ = image_shape
    if min(height, width) <= padding:
        raise DataError(
            f"images of {height} x {width} pixels are too small for a padding of {padding}; lower it, "
            f"or {NO_AUGMENTATION}"
        )


def _sources(draw: Tensor, size: int, padding: int) -> Tensor:
    """Return which pixel along an axis of S is read for each of the cut's, (B, S), long."""
    offsets = (draw * (2 * padding + 1)).to(torch.long) - padding
    places = (offsets[:, None] + torch.arange(size, device=draw.device)).abs()
    return size - 1 - (size - 1 - places).abs()
