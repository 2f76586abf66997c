"""Gradients projected onto what conflicts with none of them, then added."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.preference import PreferenceOptions
from detaux.learn.updating.torchjd_adapter import upgrad


@weightings.register(
    "upgrad",
    summary="mean of the gradients, each projected onto what conflicts with none",
    source="Quinton & Rey 2024, arXiv:2406.16232, Section 3; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class UPGrad(PreferenceOptions):
    """Project each task's gradient onto the dual cone of all of them, and take the mean.

    Source: Quinton & Rey 2024, arXiv:2406.16232, Section 3. Differs in: the projection is solved by non-negative least
        squares; 1e-4 of the gradients' summed squares is added to each.
    """

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it learns nothing."""
        return upgrad(num_tasks, self.preference)
