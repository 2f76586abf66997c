"""The mean gradient projected onto what conflicts with no task."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.preference import PreferenceOptions
from detaux.learn.updating.torchjd_adapter import dual_proj


@weightings.register(
    "dual_proj",
    summary="the mean gradient, projected onto what conflicts with none",
    source="Lopez-Paz & Ranzato 2017, arXiv:1706.08840, Equation 11; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class DualProj(PreferenceOptions):
    """Project the mean of the tasks' gradients onto their dual cone.

    Source: Lopez-Paz & Ranzato 2017, arXiv:1706.08840, Equation 11, with tasks for memories. Differs in: the projection
        is solved by non-negative least squares; 1e-4 of the gradients' summed squares is added to each.
    """

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it learns nothing."""
        return dual_proj(num_tasks, self.preference)
