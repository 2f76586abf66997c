"""Noise that belongs to the image: drawn once, and the same each time the image is seen."""

from __future__ import annotations

import torch

from detaux.core.seeding import derive_seed
from detaux.data.corrupting import Corruption
from detaux.data.corruption.none import NoCorruption
from detaux.data.staging import Images, ResidentImages

_PIECE_IMAGES = 4096


def with_fixed_noise(images: Images, corruption: Corruption, *, seed: int) -> Images:
    """Return a copy of the images with noise on them, held on their device as uint8 (levels of 1/255).

    Args:
        images: N images of H x W pixels; the copy takes N * H * W * 3 bytes.
        corruption: Noise to draw.
        seed: Seed of the run, from which the draws are derived.

    Returns:
        The noisy copy of the pool, or the pool itself where there is no noise to draw.
    """
    if isinstance(corruption, NoCorruption):
        return images
    pieces = []
    for number, positions in enumerate(torch.split(torch.arange(len(images)), _PIECE_IMAGES)):
        generator = torch.Generator().manual_seed(derive_seed("learn", "fixed corruption", seed, number))
        noisy = corruption.apply(images.gather(positions), generator)
        pieces.append(noisy.mul(255).round().to(torch.uint8).permute(0, 2, 3, 1))
    return ResidentImages(torch.cat(pieces))
