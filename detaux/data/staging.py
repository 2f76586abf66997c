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
_LEAST_ROOM = 2 << 30


class Images(Protocol):
    """N images that batches are gathered from."""

    def __len__(self) -> int: ...

    @property
    def index(self) -> Tensor:
        """Number of each image in its data set, shape (N,), long."""
        ...

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
        index: Number of each image in its data set, shape (N,), long; None numbers them from 0.
    """

    def __init__(self, pixels: Tensor, index: Tensor | None = None) -> None:
        self._pixels = pixels
        self._index = torch.arange(len(pixels), device=pixels.device) if index is None else index

    def __len__(self) -> int:
        return len(self._pixels)

    @property
    def index(self) -> Tensor:
        """Number of each image in its data set; see `Images.index`."""
        return self._index

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

    @property
    def index(self) -> Tensor:
        """Number of each image in its data set; see `Images.index`."""
        return torch.from_numpy(self._index)

    def gather(self, positions: Tensor) -> Tensor:
        """Read a batch and move it as uint8; see `Images.gather`."""
        pixels = self._dataset.images(self._index[positions.cpu().numpy()])
        return _as_floats(torch.from_numpy(pixels).to(self._device))


def stage(
    dataset: Dataset, index: NDArray[np.int64], device: torch.device | str, *, limit_bytes: int | None = None
) -> Images:
    """Bring a pool of images to the device, if they fit.

    Args:
        dataset: The images' home.
        index: Which of its images make the pool, shape (N,).
        device: Where batches are wanted.
        limit_bytes: The most that the pool may take on the device as uint8; above it, batches are streamed, and are
            the same. None takes 2 GiB, and on a GPU a quarter of what is free where that is more.

    Returns:
        The pool, of length N.
    """
    device = torch.device(device)
    room = _room(device) if limit_bytes is None else limit_bytes
    if len(index) * math.prod(dataset.image_shape) > room:
        return StreamedImages(dataset, index, device)
    pixels = torch.empty((len(index), *dataset.image_shape), dtype=torch.uint8, device=device)
    for start in range(0, len(index), _PIECE_IMAGES):
        piece = slice(start, start + _PIECE_IMAGES)
        pixels[piece] = torch.from_numpy(dataset.images(index[piece])).to(device)
    return ResidentImages(pixels, torch.from_numpy(index).to(device))


def _room(device: torch.device) -> int:
    """Return how many bytes a pool may take on a device: noise may take as many again."""
    if device.type != "cuda" or not torch.cuda.is_available():
        return _LEAST_ROOM
    free, _ = torch.cuda.mem_get_info(device)
    return max(_LEAST_ROOM, free // 4)


def _as_floats(pixels: Tensor) -> Tensor:
    """Turn (B, H, W, 3) uint8 into (B, 3, H, W) float32 in [0, 1], without moving channels in memory."""
    return pixels.permute(0, 3, 1, 2).to(torch.float32).div_(255)
