"""Auxiliary gradients only where they go along with the principal one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from detaux.learn.registries import weightings
from detaux.learn.updating.gradient_update import GramianUpdate


def agreeing(gramian: Tensor) -> Tensor:
    """Return weight 1 (T,) for the principal task and each whose gradient does not go against it, 0 for the others.

    Args:
        gramian: Dot products of the tasks' gradients (T, T), the principal task first.
    """
    return torch.cat([torch.ones_like(gramian[0, :1]), (gramian[0, 1:] >= 0).to(gramian)])


@weightings.register(
    "grad_cosine",
    summary="auxiliary gradients only where their cosine with the principal one is not negative",
    source="Du et al. 2018, arXiv:1812.02224, Section 3, unweighted",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class GradCosine:
    """Add an auxiliary task's gradient of the shared parameters in the steps where it does not oppose the principal one.

    Source: Du et al. 2018, arXiv:1812.02224, Section 3, unweighted. Differs in: several auxiliary tasks, each by itself.
    """

    principal_first: ClassVar[bool] = True
    """An auxiliary task that always opposes the principal one changes nothing for it."""

    def build(self, num_tasks: int) -> GramianUpdate:
        """Make the rule; it learns nothing."""
        return GramianUpdate(num_tasks, agreeing)
