"""The combination of gradients with equal projections on each of them."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.torchjd_adapter import imtl_g


@weightings.register(
    "imtl_g",
    summary="the update whose projections on all gradients are equal",
    source="Liu et al. 2021, Towards Impartial Multi-task Learning (ICLR), Section 3.1; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class ImpartialGradients:
    """Descend along the update of equal projection on every task's gradient.

    Source: Liu et al. 2021, Towards Impartial Multi-task Learning (ICLR), Section 3.1. Differs in: a
        pseudo-inverse takes gradients that depend on each other.
    """

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it learns nothing."""
        return imtl_g(num_tasks)
