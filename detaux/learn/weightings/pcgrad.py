"""Gradients of the tasks, each freed of what goes against another."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.torchjd_adapter import pcgrad


@weightings.register(
    "pcgrad",
    summary="sum of gradients, each projected off those it conflicts with",
    source="Yu et al. 2020, arXiv:2001.06782, Algorithm 1; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class PCGrad:
    """Project each task's gradient of the shared parameters onto the normal plane of each it conflicts with.

    Source: Yu et al. 2020, arXiv:2001.06782, Algorithm 1. Differs in: the order of projections, which matters
        from three tasks on, is drawn anew each step from the step's seed.
    """

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it learns nothing."""
        return pcgrad(num_tasks)
