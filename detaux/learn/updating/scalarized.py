"""Rules that descend a weighted sum of the losses: one backward pass a step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from detaux.core.bounds import check_weight
from detaux.learn.update import Update
from detaux.learn.updating.weight_log import WeightLog, weight_scores


class WeighedUpdate(Update, ABC):
    """Descend the sum of the losses under weights that a rule chooses anew each step.

    Args:
        num_tasks: Number T of tasks, at least 2.
    """

    def __init__(self, num_tasks: int) -> None:
        super().__init__()
        self.log = WeightLog(num_tasks)

    @abstractmethod
    def weigh(self, losses: Tensor) -> Tensor:
        """Return the weights (T,) of this step's losses (T,), both without a graph, and note what is to be remembered."""

    def backward(
        self, losses: Tensor, shared: Sequence[nn.Parameter], heads: Sequence[Sequence[nn.Parameter]]
    ) -> None:
        """Accumulate the gradient of the weighted sum of the losses (T,)."""
        del shared, heads  # the graph knows them
        weights = self.weigh(losses.detach())
        self.log.add(weights)
        torch.autograd.backward((weights * losses).sum())

    def scores(self) -> dict[str, float]:
        """Return the mean weight of each task."""
        return self.log.scores()


class FixedUpdate(WeighedUpdate):
    """Descend the sum of the losses under weights that never change.

    Args:
        num_tasks: Number T of tasks, at least 2.
        weight: Of each auxiliary task; the principal task has 1.
    """

    weights: Tensor

    def __init__(self, num_tasks: int, weight: float) -> None:
        super().__init__(num_tasks)
        self.register_buffer("weights", torch.tensor([1.0, *[weight] * (num_tasks - 1)]), persistent=False)

    def weigh(self, losses: Tensor) -> Tensor:
        """Return the weights (T,)."""
        del losses
        return self.weights

    def scores(self) -> dict[str, float]:
        """Return the weight of each task."""
        return weight_scores(self.weights)


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedWeight:
    """Give the principal task weight 1, and every auxiliary task another."""

    weight: float = 0.5
    """Of each auxiliary task, at least 0."""

    def __post_init__(self) -> None:
        """Check the weight.

        Raises:
            ValueError: If it is out of its range.
        """
        check_weight("weight", self.weight)

    def build(self, num_tasks: int) -> FixedUpdate:
        """Make the rule; it learns nothing."""
        return FixedUpdate(num_tasks, self.weight)
