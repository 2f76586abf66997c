"""What the tests of corruptions share: a batch corrupted as the first images of a data set."""

from __future__ import annotations

import torch
from torch import Tensor

from detaux.data.corrupting import Corruption
from detaux.data.draws import Draws, image_draws


def draws_of(images: Tensor, seed: int = 0) -> Draws:
    """Return the draws of the images' places in the batch, in epoch 0."""
    return image_draws(torch.arange(len(images), device=images.device), 0, seed=seed)


def corrupted(corruption: Corruption, images: Tensor, seed: int = 0) -> Tensor:
    """Return the batch corrupted with those draws."""
    return corruption.apply(images, draws_of(images, seed))
