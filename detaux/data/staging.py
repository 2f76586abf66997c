"""Images of a pool where the training is: gathered on the device, as uint8 until the batch is made."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from detaux.data.dataset import Dataset

_PIECE_IMAGES = 4096


class Images(Protocol):
    """N images that batches are gathered from."""

    def __len__(self) -> int: ...

    def gather(self, positions: Tensor) -> Tensor:
        """Gather a batch.

        Args:
            positions: Places in the pool, shape (B,), long, on any device.

        Returns:
            Images of shape (B, 3, H, W), float32 in [0, 1], in channels_last memory, on the training device.
        """
        ...


class ResidentImages:
    """Images held on the device.

    Args:
        pixels: Shape (N, H, W, 3), uint8.
    """

    def __init__(self, pixels: Tensor) -> None:
        self._pixels = pixels

    def __len__(self) -> int:
        return len(self._pixels)

    def gather(self, positions: Tensor) -> Tensor:
        """Gather a batch on the device; see `Images.gather`."""
        return _as_floats(self._pixels[positions.to(self._pixels.device)])


class StreamedImages:
    """Images read from the data set batch by batch, then moved to the device.

    Args:
        dataset: The images' home.
        index: Which of its images make the pool, shape (N,).
        device: Where batches go.
    """

    def __init__(self, dataset: Dataset, index: NDArray[np.int64], device: torch.device) -> None:
        self._dataset = dataset
        self._index = index
        self._device = device

    def __len__(self) -> int:
        return len(self._index)

    def gather(self, positions: Tensor) -> Tensor:
        """Read a batch and move it as uint8; see `Images.gather`."""
        pixels = self._dataset.images(self._index[positions.cpu().numpy()])
        return _as_floats(torch.from_numpy(pixels).to(self._device))


def stage(
    dataset: Dataset, index: NDArray[np.int64], device: torch.device | str, *, limit_bytes: int = 2 << 30
) -> Images:
    """Bring a pool of images to the device, if they fit.

    Args:
        dataset: The images' home.
        index: Which of its images make the pool, shape (N,).
        device: Where batches are wanted.
        limit_bytes: The most that the pool may take on the device as uint8; above it, batches are streamed. It is
            the same on every device: noise that is drawn once is another one for a streamed pool.

    Returns:
        The pool, of length N.
    """
    device = torch.device(device)
    if len(index) * math.prod(dataset.image_shape) > limit_bytes:
        return StreamedImages(dataset, index, device)
    pixels = torch.empty((len(index), *dataset.image_shape), dtype=torch.uint8, device=device)
    for start in range(0, len(index), _PIECE_IMAGES):
        piece = slice(start, start + _PIECE_IMAGES)
        pixels[piece] = torch.from_numpy(dataset.images(index[piece])).to(device)
    return ResidentImages(pixels)


def _as_floats(pixels: Tensor) -> Tensor:
    """Turn (B, H, W, 3) uint8 into (B, 3, H, W) float32 in [0, 1], without moving channels in memory."""
    return pixels.permute(0, 3, 1, 2).to(torch.float32).div_(255)
