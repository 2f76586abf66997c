"""The shortest convex combination of the tasks' gradients."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.torchjd_adapter import mgda


@weightings.register(
    "mgda",
    summary="the shortest convex combination of the gradients: it goes against none",
    source="Sener & Koltun 2018, arXiv:1810.04650, Algorithm 2; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class MGDA:
    """Descend along the point of least norm in the convex hull of the tasks' gradients.

    Source: Sener & Koltun 2018, arXiv:1810.04650, Algorithm 2. Differs in: gradients of the shared parameters
        themselves, not of the features; at most 100 steps of Frank-Wolfe.
    """

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it learns nothing."""
        return mgda(num_tasks)
