"""Targets that are made with each batch from its images and draws, with nothing to learn."""

from __future__ import annotations

import torch
from torch import Tensor

from detaux.core.seeding import derive_seed
from detaux.learn.batch import Batch
from detaux.learn.targets.base import Target, Targets

NUM_QUARTERS = 4
"""Ways to turn an image by quarters."""


class RotationTargets(Targets):
    """Turns each image by as many quarters as it is to be told.

    Args:
        seed: Seed of the run.
    """

    def __init__(self, *, seed: int) -> None:
        super().__init__()
        self._seed = derive_seed("learn", "rotation", seed)

    def forward(self, batch: Batch) -> Target:
        """Turn each image anew each epoch."""
        quarters = _class_draws(batch, NUM_QUARTERS, self._seed)
        return Target(classes=quarters, images=turned(batch.images, quarters))


class NoiseTargets(Targets):
    """Draws a class for each image, another each epoch.

    Args:
        num_classes: Number of classes, at least 2.
        seed: Seed of the run.
    """

    def __init__(self, num_classes: int, *, seed: int) -> None:
        super().__init__()
        self._num_classes, self._seed = num_classes, derive_seed("learn", "noise labels", seed)

    def forward(self, batch: Batch) -> Target:
        """Draw the classes; the images have no part in it."""
        return Target(classes=_class_draws(batch, self._num_classes, self._seed))


def turned(images: Tensor, quarters: Tensor) -> Tensor:
    """Turn square images (B, C, S, S) against the clock by quarters (B,), long, in [0, 4)."""
    all_turns = torch.stack([images.rot90(turn, dims=(2, 3)) for turn in range(NUM_QUARTERS)])
    return all_turns[quarters, torch.arange(len(images), device=images.device)]


def _class_draws(batch: Batch, num_classes: int, seed: int) -> Tensor:
    """Return a class index (B,), long, all equally likely, for each image in its epoch."""
    return (batch.draws(seed).uniform() * num_classes).long()
