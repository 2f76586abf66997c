"""Auxiliary weights learnt to bring down the principal loss one step ahead, on other images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from detaux.core.bounds import check_range, check_weight
from detaux.learn.registries import weightings
from detaux.learn.targets.hypergradient import finite_difference
from detaux.learn.update import Replay
from detaux.learn.updating.scalarized import WeighedUpdate
from detaux.learn.updating.small_adam import SmallAdam


class AutoLambdaUpdate(WeighedUpdate):
    """Descend the principal loss and the auxiliary ones under learnt weights.

    Args:
        num_tasks: Number T of tasks.
        start: First weight of each auxiliary task.
        rate: Learning rate of these weights.
        lookahead_rate: Learning rate of the step that is tried.
    """

    def __init__(self, num_tasks: int, start: float, rate: float, lookahead_rate: float) -> None:
        super().__init__(num_tasks)
        self._lookahead_rate = lookahead_rate
        self.auxiliary = SmallAdam(torch.full((num_tasks - 1,), start), rate=rate)

    def prepare(self, replay: Replay) -> None:
        """Learn the weights from the principal loss of other images after a step that is tried."""
        weights = replay.weights()
        auxiliary = self.auxiliary.values.clone().requires_grad_()

        def training(tried: Sequence[Tensor]) -> Tensor:
            losses = replay.train(dict(zip(weights, tried, strict=True)))
            return losses[0] + auxiliary @ losses[1:]

        def principal(tried: Sequence[Tensor]) -> Tensor:
            return replay.query(dict(zip(weights, tried, strict=True)))[0]

        inner = list(weights.values())
        slopes = finite_difference(training, principal, inner, [auxiliary], rate=self._lookahead_rate)
        self.auxiliary.descend(slopes[0])
        self.auxiliary.values.clamp_(min=0)

    def weigh(self, losses: Tensor) -> Tensor:
        """Return the weights (T,), the principal one 1."""
        return torch.cat([torch.ones_like(losses[:1]), self.auxiliary.values])


@weightings.register(
    "auto_lambda",
    summary="auxiliary weights learnt to bring down the principal loss one step ahead",
    source="Liu et al. 2022, arXiv:2202.03091, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class AutoLambda:
    """Learn a weight for each auxiliary task, the principal one having 1.

    A step costs two forward and two forward-and-backward passes more.

    Source: Liu et al. 2022, arXiv:2202.03091, Section 3, with the derivative by central finite differences. Differs in:
        the principal task's own weight is not learnt; the loss ahead is that of another batch of training images, drawn
        apart from the step's, under the same noise; the step that is tried is one
        of plain gradient descent, without momentum or weight decay; weights below 0 are 0.
    """

    start: float = 0.1
    """First weight of each auxiliary task, at least 0."""
    rate: float = 1e-4
    """Learning rate of the weights, by Adam."""
    lookahead_rate: float = 1e-4
    """Learning rate of the step that is tried; the paper takes the network's."""

    def __post_init__(self) -> None:
        """Check each.

        Raises:
            ValueError: If one is out of its range.
        """
        check_weight("start", self.start)
        check_range("rate", self.rate, 1e-8, 1)
        check_range("lookahead_rate", self.lookahead_rate, 1e-8, 1)

    def build(self, num_tasks: int) -> AutoLambdaUpdate:
        """Make the rule, with T - 1 weights to learn."""
        return AutoLambdaUpdate(num_tasks, self.start, self.rate, self.lookahead_rate)
