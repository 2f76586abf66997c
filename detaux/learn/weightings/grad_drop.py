"""Gradients of one sign, drawn for each element."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.torchjd_adapter import grad_drop


@weightings.register(
    "grad_drop",
    summary="each element of the update from gradients of one sign, drawn by how far they agree",
    source="Chen et al. 2020, arXiv:2010.06808, Algorithm 1, lines 10 to 15; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class GradDrop:
    """Keep in each element the gradients of one sign, drawn in proportion to the gradients' sums.

    Source: Chen et al. 2020, arXiv:2010.06808, Algorithm 1, lines 10 to 15. Differs in: it acts on the gradients of the
        parameters, not of the features; draws are the device's own, so that two devices do not agree.
    """

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it learns nothing."""
        del num_tasks
        return grad_drop()
