"""One level of progressive layered extraction: experts of each task, experts of all, and gates over them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from detaux.learn.seeded import seeded
from detaux.learn.sharing.experts import expert, mix

_LEAST_ODDS = 1e-13


class ExtractionLevel(nn.Module):
    """Experts and gates between features of each task, with features of all, and the same again.

    Args:
        own: Experts of each task, T lists: that task's features (B, P) to features (B, width).
        shared: Experts of all tasks, from the features of all.
        gates: One a task: its features to logits (B, E) over its own experts and the shared ones.
        shared_gates: Features of all to logits over the shared experts, and over those of each task (T + 1);
            none in the last level, which needs no features of all.
    """

    def __init__(
        self,
        own: Sequence[Sequence[nn.Module]],
        shared: Sequence[nn.Module],
        gates: Sequence[nn.Module],
        shared_gates: Sequence[nn.Module],
    ) -> None:
        super().__init__()
        self.own = nn.ModuleList(nn.ModuleList(experts) for experts in own)
        self.shared = nn.ModuleList(shared)
        self.gates = nn.ModuleList(gates)
        self.shared_gates = nn.ModuleList(shared_gates)

    def forward(self, own: Sequence[Tensor], shared: Tensor) -> tuple[list[Tensor], Tensor]:
        """Return the next features of each task, T tensors (B, width), and of all, which the last level leaves as they are.

        Args:
            own: Features of each task, T tensors (B, P).
            shared: Features of all (B, P).
        """
        common = _answers(self.shared, shared)
        each = [_answers(experts, features) for experts, features in zip(self.own, own, strict=True)]
        gated = [
            mix(gate(features), [*answers, *common])
            for gate, features, answers in zip(self.gates, own, each, strict=True)
        ]
        if not self.shared_gates:
            return gated, shared
        logits = torch.cat([gate(shared) for gate in self.shared_gates], dim=1)
        return gated, mix(logits, [*common, *(answer for answers in each for answer in answers)])


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelPlan:
    """What a level is made of."""

    name: str
    """Of the level, in the seeds of its parts."""
    num_features: int
    """P of the features that it is given."""
    width: int
    """P of the features that it gives."""
    num_tasks: int
    """T."""
    own_experts: int
    """Experts of each task."""
    shared_experts: int
    """Experts of all."""
    own_share: float | None
    """See `CGC.own_share`; None for the last level, which has no shared gates."""
    seed: int
    """Of the run; each part has a seed of its own, derived from it."""

    def build(self) -> ExtractionLevel:
        """Make the level."""
        tasks = range(self.num_tasks)
        own = [
            [self._expert(f"expert {task} {place}") for place in range(self.own_experts)] for task in tasks
        ]
        shared = [self._expert(f"shared expert {place}") for place in range(self.shared_experts)]
        gates = [self._gate(f"gate {task}", self.own_experts + self.shared_experts) for task in tasks]
        return ExtractionLevel(own, shared, gates, self._shared_gates())

    def _shared_gates(self) -> list[nn.Module]:
        if self.own_share is None:
            return []
        principal, *auxiliary = (
            self._gate(f"shared gate {task}", self.own_experts) for task in range(self.num_tasks)
        )
        leaning = [Leaning(gate, self.own_share) for gate in auxiliary]
        return [self._gate("shared gate", self.shared_experts), principal, *leaning]

    def _expert(self, part: str) -> nn.Sequential:
        return seeded(f"{self.name} {part}", self.seed, partial(expert, self.num_features, self.width))

    def _gate(self, part: str, num_experts: int) -> nn.Linear:
        make = partial(nn.Linear, self.num_features, num_experts, bias=False)
        return seeded(f"{self.name} {part}", self.seed, make)


class Leaning(nn.Module):
    """A gate that leans away from its experts at first.

    Args:
        gate: Features (B, P) to logits (B, E).
        own_share: Of an expert that it competes with, both with logits of 0: 0.5 leans nowhere, 1 all away.
    """

    def __init__(self, gate: nn.Linear, own_share: float) -> None:
        super().__init__()
        self.gate = gate
        odds = max((1 - own_share) / own_share, _LEAST_ODDS)
        self.lean = nn.Parameter(torch.full((gate.out_features,), math.log(odds)))

    def forward(self, features: Tensor) -> Tensor:
        """Return the logits (B, E) of features (B, P)."""
        logits: Tensor = self.gate(features) + self.lean
        return logits


def _answers(experts: nn.Module, features: Tensor) -> list[Tensor]:
    return [expert(features) for expert in experts.children()]
