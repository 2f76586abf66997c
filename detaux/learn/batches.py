"""Which images each step sees: a function of the seed and the step's number, with nothing to remember."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from detaux.core.seeding import derive_seed


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchOrder:
    """One epoch after another, each in an order of its own, cut into batches of one size.

    A batch runs on over the end of an epoch, so none is ever smaller (batch norm could not take a batch of
    one) and no image is left out.
    """

    num_images: int
    """Number of images, at least 1."""
    batch_size: int
    """Images in each batch, at least 1; more than there are images gives some of them twice."""
    seed: int
    """Seed of the run; the order depends on nothing else, so that every arm sees the same batches."""

    def __post_init__(self) -> None:
        """Check the counts.

        Raises:
            ValueError: If one is below 1.
        """
        if min(self.num_images, self.batch_size) < 1:
            raise ValueError(f"need at least 1 image and batches of at least 1, but found {self}")

    def positions(self, step: int) -> Tensor:
        """Return the positions (batch_size,), long, on the CPU, of the images of a step counted from 0."""
        first_epoch, start = divmod(step * self.batch_size, self.num_images)
        last_epoch = ((step + 1) * self.batch_size - 1) // self.num_images
        epochs = [_order(self.num_images, self.seed, epoch) for epoch in range(first_epoch, last_epoch + 1)]
        return torch.cat(epochs)[start : start + self.batch_size]

    def epochs(self, step: int) -> Tensor:
        """Return the epoch (batch_size,), long, from 0, on the CPU, in which each image of a step is seen."""
        return (step * self.batch_size + torch.arange(self.batch_size)) // self.num_images


@lru_cache(maxsize=2)
def _order(num_images: int, seed: int, epoch: int) -> Tensor:
    """Return the permutation of one epoch (num_images,); two are kept, as most batches touch one or two."""
    generator = torch.Generator().manual_seed(derive_seed("learn", "order", seed, epoch))
    return torch.randperm(num_images, generator=generator)
