"""What a method minimises, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from detaux.disentangle.batches import Batch

Losses = Callable[[Batch, float], Mapping[str, Tensor]]
"""Takes a batch and the time in [0, 1], the share of training done; returns `loss`, which is minimised, and its terms
as they are before weighting, all of shape ()."""


@dataclass(frozen=True, slots=True)
class Objective:
    """The losses of one model in training."""

    losses: Losses
    """Of a batch at a time; the model is the one they were made for."""
    beside: Sequence[nn.Module] = ()
    """Modules trained beside the model and left behind after training, such as a discriminator or a classifier."""
