"""Rules that combine the tasks' gradients of the shared parameters: one backward pass a task."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn

from detaux.learn.update import Update
from detaux.learn.updating.jacobian import add_gradient, gramian, task_gradients
from detaux.learn.updating.weight_log import WeightLog

ToWeights = Callable[[Tensor], Tensor]
"""From the dot products (T, T) of the tasks' gradients to the weight (T,) of each; NaN where it finds none."""


class GradientUpdate(Update, ABC):
    """Combine the tasks' gradients of the shared parameters by a rule.

    Each task's own parameters receive the gradient of their own loss, as they would from the plain sum.
    """

    @abstractmethod
    def combine(self, gradients: list[Tensor]) -> Iterator[Tensor]:
        """Yield the combined gradient of each shared parameter, of those of the tasks, (T, *shape) each."""

    def backward(
        self, losses: Tensor, shared: Sequence[nn.Parameter], heads: Sequence[Sequence[nn.Parameter]]
    ) -> None:
        """Accumulate the combined gradient of the losses (T,)."""
        gradients = task_gradients(losses, shared, heads)
        for parameter, gradient in zip(shared, self.combine(gradients), strict=True):
            add_gradient(parameter, gradient)


class WeighedGradients(GradientUpdate, ABC):
    """Descend the sum of the gradients under weights that a rule chooses anew each step.

    Where the rule finds no finite weights, the mean of the gradients takes its place, and that is counted.

    Args:
        num_tasks: Number T of tasks, at least 2.
    """

    failures: Tensor

    def __init__(self, num_tasks: int) -> None:
        super().__init__()
        self.log = WeightLog(num_tasks)
        self.register_buffer("failures", torch.zeros((), dtype=torch.long))

    @abstractmethod
    def weigh(self, gradients: list[Tensor]) -> Tensor:
        """Return the weights (T,) of the tasks' gradients, (T, *shape) for each shared parameter."""

    def combine(self, gradients: list[Tensor]) -> Iterator[Tensor]:
        """Yield the weighted sum of each parameter's gradients."""
        weights = self._sound(self.weigh(gradients))
        self.log.add(weights)
        return (torch.tensordot(weights.to(gradient), gradient, dims=1) for gradient in gradients)

    def scores(self) -> dict[str, float]:
        """Return the mean weight of each task, and in how many steps the mean stood in for the rule."""
        return self.log.scores() | {"solver_failures_mean_taken": float(self.failures)}

    def _sound(self, weights: Tensor) -> Tensor:
        is_sound = weights.isfinite().all()
        self.failures += ~is_sound
        return torch.where(is_sound, weights, 1 / len(weights))


class GramianUpdate(WeighedGradients):
    """Weigh the gradients by a rule that needs no more than their dot products.

    Args:
        num_tasks: Number T of tasks, at least 2.
        to_weights: The rule; a module if it remembers anything.
    """

    def __init__(self, num_tasks: int, to_weights: ToWeights) -> None:
        super().__init__(num_tasks)
        self._to_weights = to_weights

    def weigh(self, gradients: list[Tensor]) -> Tensor:
        """Return the weights (T,) that the rule gives to the dot products."""
        return self._to_weights(gramian(gradients))
