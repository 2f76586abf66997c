"""Noise that belongs to the image: drawn once, and the same each time the image is seen."""

from __future__ import annotations

import torch
from torch import Tensor

from detaux.core.seeding import derive_seed
from detaux.data.corrupting import Corruption
from detaux.data.corruption.none import NoCorruption
from detaux.data.staging import Images, ResidentImages, StreamedImages

_PIECE_IMAGES = 4096
_LEVELS = 255


def with_fixed_noise(images: Images, corruption: Corruption, *, seed: int) -> Images:
    """Return the images with noise on them, in levels of 1/255.

    A pool held on its device is copied there, noise and all, which takes its bytes once more. A pool too large for
    that stays streamed, and the noise of an image is drawn whenever it is read, from a seed of its own.

    Args:
        images: The pool.
        corruption: Noise to draw.
        seed: Seed of the run, from which the draws are derived.

    Returns:
        The noisy pool, or the pool itself where there is no noise to draw.
    """
    if isinstance(corruption, NoCorruption):
        return images
    if isinstance(images, StreamedImages):
        return _NoisyImages(images, corruption, seed=seed)
    return ResidentImages(_noisy_pixels(images, corruption, seed))


class _NoisyImages:
    """A streamed pool whose images have noise that depends on the seed and their place in the pool alone."""

    def __init__(self, images: Images, corruption: Corruption, *, seed: int) -> None:
        self._images, self._corruption, self._seed = images, corruption, seed

    def __len__(self) -> int:
        return len(self._images)

    def gather(self, positions: Tensor) -> Tensor:
        """Gather a batch and draw its noise; see `Images.gather`."""
        batch = self._images.gather(positions)
        for place, position in enumerate(positions.tolist()):
            generator = _generator("one image", self._seed, position)
            batch[place] = self._corruption.apply(batch[place : place + 1], generator)[0]
        return batch.mul_(_LEVELS).round_().div_(_LEVELS)


def _noisy_pixels(images: Images, corruption: Corruption, seed: int) -> Tensor:
    """Return the noisy pool (N, H, W, 3), uint8, made piece by piece in its place."""
    first = images.gather(torch.zeros(1, dtype=torch.long))
    shape = (len(images), *first.shape[2:], first.shape[1])
    pixels = torch.empty(shape, dtype=torch.uint8, device=first.device)
    for number, positions in enumerate(torch.split(torch.arange(len(images)), _PIECE_IMAGES)):
        noisy = corruption.apply(images.gather(positions), _generator(seed, number))
        start = number * _PIECE_IMAGES
        pixels[start : start + len(positions)] = noisy.mul(_LEVELS).round().permute(0, 2, 3, 1)
    return pixels


def _generator(*names: str | int) -> torch.Generator:
    return torch.Generator().manual_seed(derive_seed("fixed corruption", *names))
