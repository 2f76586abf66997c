"""The direction at one angle to all tasks' gradients."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from detaux.learn.registries import weightings
from detaux.learn.updating.gradient_update import GramianUpdate
from detaux.learn.updating.preference import PreferenceOptions

_RANK_TOLERANCE = 1e-6


def conflict_free(gramian: Tensor, preference: float) -> Tensor:
    """Return the weights (T,) of the update whose cosine with each gradient is as preferred, 0 where there is none.

    Args:
        gramian: Dot products of the tasks' gradients (T, T), the principal task first.
        preference: Cosine with each auxiliary gradient, as a multiple of that with the principal one.
    """
    norms = gramian.diagonal().sqrt()
    inverse = torch.where(norms > 0, 1 / norms, 0)
    cosines = gramian * inverse[:, None] * inverse
    wanted = torch.cat([gramian.new_ones(1), gramian.new_full((len(gramian) - 1,), preference)])
    direction = torch.linalg.pinv(cosines, rtol=_RANK_TOLERANCE, hermitian=True) @ wanted
    progress = cosines @ direction
    square = direction @ progress
    weights = (norms @ progress) / square * inverse * direction
    return torch.where(square > _RANK_TOLERANCE, weights, 0)


@weightings.register(
    "config",
    summary="the direction at one angle to all gradients, as long as their projections on it",
    source="Liu, Chu & Thuerey 2025, arXiv:2408.11104, Equation 2",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class ConFIG(PreferenceOptions):
    """Update in the direction that is conflict-free: of equal cosine with every gradient.

    Source: Liu, Chu & Thuerey 2025, arXiv:2408.11104, Equation 2. Differs in: computed from the gradients' dot products.
    """

    def build(self, num_tasks: int) -> GramianUpdate:
        """Make the rule; it learns nothing."""
        return GramianUpdate(num_tasks, partial(conflict_free, preference=self.preference))
