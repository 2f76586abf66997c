"""What the tests of augmentations share: a batch augmented as the first images of a data set."""

from __future__ import annotations

import torch
from torch import Tensor

from detaux.data.augmenting import Augmentation
from detaux.data.draws import Draws, image_draws


def draws_of(images: Tensor, seed: int = 0) -> Draws:
    """Return the draws of the images' places in the batch, in epoch 0."""
    return image_draws(torch.arange(len(images), device=images.device), 0, seed=seed)


def augmented(augmentation: Augmentation, images: Tensor, seed: int = 0) -> Tensor:
    """Return the batch augmented with those draws."""
    return augmentation.apply(images, draws_of(images, seed))


def picture(height: int, width: int, seed: int = 3) -> Tensor:
    """Return an image (3, H, W) of random pixels, float32."""
    return torch.rand(3, height, width, generator=torch.Generator().manual_seed(seed))
