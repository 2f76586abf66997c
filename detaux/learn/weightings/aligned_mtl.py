"""Gradients turned into directions at right angles and of one length."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.preference import PreferenceOptions
from detaux.learn.updating.torchjd_adapter import aligned_mtl


@weightings.register(
    "aligned_mtl",
    summary="mean of the gradients' principal components, all cut to the length of the shortest",
    source="Senushkin et al. 2023, arXiv:2305.19000, Algorithm 1; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class AlignedMTL(PreferenceOptions):
    """Align the principal components of the tasks' gradients, so that their matrix has condition number 1.

    Source: Senushkin et al. 2023, arXiv:2305.19000, Algorithm 1. Differs in: gradients of the parameters, not of the
        features.
    """

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it learns nothing."""
        return aligned_mtl(num_tasks, self.preference)
