"""Weights that go to the tasks furthest from their optimum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from detaux.core.bounds import check_range
from detaux.learn.registries import weightings
from detaux.learn.updating.gradient_update import WeighedGradients

_TINY = 1e-7
_MOST_STEPS = 1_000_000


class ExcessUpdate(WeighedGradients):
    """Raise the weights of tasks with a large excess risk, as told by their gradients.

    It remembers a square of every shared parameter's gradient for each task: `attach` makes room for them.

    Args:
        num_tasks: Number T of tasks; each weight starts at 1 / T.
        rate: Step size of the weights.
        warmup: Steps in which the weights stay, whose mean risks are the unit of the later ones; at least 1.
    """

    seen: Tensor
    unit: Tensor
    logits: Tensor
    squares: Tensor | None

    def __init__(self, num_tasks: int, rate: float, warmup: int) -> None:
        super().__init__(num_tasks)
        self._rate, self._warmup = rate, warmup
        self.register_buffer("seen", torch.zeros((), dtype=torch.long))
        self.register_buffer("unit", torch.zeros(num_tasks))
        self.register_buffer("logits", torch.zeros(num_tasks))
        self.register_buffer("squares", None)

    def attach(self, shared: Sequence[nn.Parameter]) -> None:
        """Make room for what is remembered of the shared parameters, before a checkpoint is read."""
        size = sum(parameter.numel() for parameter in shared)
        self.squares = torch.zeros(len(self.unit), size, dtype=shared[0].dtype, device=shared[0].device)

    def weigh(self, gradients: list[Tensor]) -> Tensor:
        """Return the weights (T,) after this step's risks."""
        risks = self._risks(gradients)
        is_warm = self.seen >= self._warmup
        self.seen += 1
        self.unit += torch.where(is_warm, 0, risks / self._warmup)
        self.logits += torch.where(is_warm, self._rate * risks / (self.unit + _TINY), 0)
        self.logits -= self.logits.max()
        return self.logits.softmax(dim=0)

    def _risks(self, gradients: list[Tensor]) -> Tensor:
        """Return each task's excess risk (T,): its squared gradient over the root of the sum of squares so far."""
        risks = torch.zeros_like(self.unit)
        sizes = [gradient[0].numel() for gradient in gradients]
        parts = torch.split(cast("Tensor", self.squares), sizes, dim=1)
        for gradient, sums in zip(gradients, parts, strict=True):
            square = gradient.reshape(len(gradient), -1) ** 2
            sums.add_(square)
            risks += (square / (sums + _TINY).sqrt()).sum(dim=1)
        return risks

    def backward(
        self, losses: Tensor, shared: Sequence[nn.Parameter], heads: Sequence[Sequence[nn.Parameter]]
    ) -> None:
        """Accumulate the combined gradient of the losses (T,)."""
        if self.squares is None:
            self.attach(shared)
        super().backward(losses, shared, heads)


@weightings.register(
    "excess_mtl",
    summary="weights that go to the tasks furthest from their optimum, by an estimate of excess risk",
    source="He et al. 2024, arXiv:2402.02009, Equations 6, 7 and 9",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class ExcessMTL:
    """Weigh the tasks by their excess risks; it remembers T numbers for each shared parameter.

    Source: He et al. 2024, arXiv:2402.02009, Equations 6, 7 and 9. Differs in: the unit of the risks is their mean over
        a number of steps, three epochs in the paper; each task's own parameters have weight 1.
    """

    rate: float = 1.0
    """Step size of the weights, on the exponential scale."""
    warmup: int = 100
    """Steps in which all weights stay alike, at least 1."""

    def __post_init__(self) -> None:
        """Check both.

        Raises:
            ValueError: If one is out of its range.
        """
        check_range("rate", self.rate, 1e-8, 1_000)
        check_range("warmup", self.warmup, 1, _MOST_STEPS)

    def build(self, num_tasks: int) -> ExcessUpdate:
        """Make the rule; it remembers squared gradients."""
        return ExcessUpdate(num_tasks, self.rate, self.warmup)
