"""Adam for the few numbers of a rule that learn at a rate of their own."""

from __future__ import annotations

import torch
from torch import Tensor, nn

_BETA1, _BETA2, _EPSILON = 0.9, 0.999, 1e-8


class SmallAdam(nn.Module):
    """Numbers and how they are learnt, all of it in buffers, so that a killed job goes on with them.

    Args:
        start: First values, any shape, float.
        rate: Learning rate, above 0.
        weight_decay: Pull of the values to 0, added to their gradient.

    Source: Kingma & Ba 2015, arXiv:1412.6980, Algorithm 1. Differs in: nothing.
    """

    values: Tensor
    first: Tensor
    second: Tensor
    steps: Tensor

    def __init__(self, start: Tensor, *, rate: float, weight_decay: float = 0.0) -> None:
        super().__init__()
        self._rate, self._weight_decay = rate, weight_decay
        self.register_buffer("values", start.clone())
        self.register_buffer("first", torch.zeros_like(start))
        self.register_buffer("second", torch.zeros_like(start))
        self.register_buffer("steps", torch.zeros(()))

    def descend(self, gradient: Tensor) -> None:
        """Take one step against a gradient of the values' shape."""
        gradient = gradient.to(self.values) + self._weight_decay * self.values
        self.steps += 1
        self.first.lerp_(gradient, 1 - _BETA1)
        self.second.lerp_(gradient**2, 1 - _BETA2)
        mean = self.first / (1 - _BETA1**self.steps)
        size = (self.second / (1 - _BETA2**self.steps)).sqrt() + _EPSILON
        self.values -= self._rate * mean / size
