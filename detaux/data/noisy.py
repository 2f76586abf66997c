"""Noise on the images of a pool: each image's own, drawn on the training device."""

from __future__ import annotations

import torch
from torch import Tensor

from detaux.data.corrupting import Corruption
from detaux.data.corruption.none import NoCorruption
from detaux.data.draws import image_draws
from detaux.data.staging import Images, ResidentImages, StreamedImages

_PIECE_IMAGES = 4096
_LEVELS = 255


def noisy_batch(
    images: Images, positions: Tensor, corruption: Corruption, *, seed: int, occasions: Tensor | int
) -> Tensor:
    """Gather a batch and put noise on it, each image's a function of the seed, the image and the occasion alone.

    Neither the other images of the batch nor the device count, nor whether the pool is held or streamed.

    Args:
        images: The pool.
        positions: Places in the pool, shape (B,), long, on any device.
        corruption: Noise to draw.
        seed: Seed of the draws.
        occasions: Shape (B,), long, on any device, or one for all: the epoch, or the number of the draw.

    Returns:
        Shape (B, 3, H, W), float32 in [0, 1], on the training device; see `Images.gather`.
    """
    batch = images.gather(positions)
    if isinstance(corruption, NoCorruption):
        return batch
    index = images.index[positions.to(images.index.device)].to(batch.device)
    return corruption.apply(batch, image_draws(index, occasions, seed=seed))


def with_fixed_noise(images: Images, corruption: Corruption, *, seed: int) -> Images:
    """Return the images with noise on them that is the same each time an image is seen, in levels of 1/255.

    A pool held on its device is copied there, noise and all, which takes its bytes once more. A pool too large for
    that stays streamed, and the same noise is drawn whenever an image is read.

    Args:
        images: The pool.
        corruption: Noise to draw.
        seed: Seed of the draws.

    Returns:
        The noisy pool, or the pool itself where there is no noise to draw.
    """
    if isinstance(corruption, NoCorruption):
        return images
    noisy = _NoisyImages(images, corruption, seed=seed)
    return noisy if isinstance(images, StreamedImages) else ResidentImages(_pixels(noisy), images.index)


class _NoisyImages:
    """A pool whose images get their one noise whenever they are gathered."""

    def __init__(self, images: Images, corruption: Corruption, *, seed: int) -> None:
        self._images, self._corruption, self._seed = images, corruption, seed

    def __len__(self) -> int:
        return len(self._images)

    @property
    def index(self) -> Tensor:
        """Number of each image in its data set; see `Images.index`."""
        return self._images.index

    def gather(self, positions: Tensor) -> Tensor:
        """Gather a batch and draw its noise; see `Images.gather`."""
        batch = noisy_batch(self._images, positions, self._corruption, seed=self._seed, occasions=0)
        return batch.mul_(_LEVELS).round_().div_(_LEVELS)


def _pixels(images: Images) -> Tensor:
    """Return a pool's images (N, H, W, 3), uint8, gathered piece by piece."""
    first = images.gather(torch.zeros(1, dtype=torch.long))
    shape = (len(images), *first.shape[2:], first.shape[1])
    pixels = torch.empty(shape, dtype=torch.uint8, device=first.device)
    for positions in torch.split(torch.arange(len(images)), _PIECE_IMAGES):
        piece = slice(int(positions[0]), int(positions[-1]) + 1)
        pixels[piece] = images.gather(positions).mul_(_LEVELS).round_().permute(0, 2, 3, 1)
    return pixels
