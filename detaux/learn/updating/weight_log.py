"""What a rule's record says of the weights it chose."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from detaux.learn.tasks import loss_names


class WeightLog(nn.Module):
    """The mean weight of each task over the steps so far, kept on the device.

    Args:
        num_tasks: Number T of tasks.
    """

    mean: Tensor
    steps: Tensor

    def __init__(self, num_tasks: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(num_tasks))
        self.register_buffer("steps", torch.zeros((), dtype=torch.long))

    def add(self, weights: Tensor) -> None:
        """Take up the weights (T,) of one step."""
        self.steps += 1
        self.mean += (weights.detach().to(self.mean) - self.mean) / self.steps

    def scores(self) -> dict[str, float]:
        """Return the means by name; see `weight_scores`."""
        return weight_scores(self.mean)


def weight_scores(weights: Tensor) -> dict[str, float]:
    """Return weights (T,) as scores: `weight_principal`, `weight_auxiliary`, `weight_auxiliary_2`, ..."""
    names = loss_names(len(weights))
    return {f"weight_{name}": weight for name, weight in zip(names, weights.tolist(), strict=True)}
