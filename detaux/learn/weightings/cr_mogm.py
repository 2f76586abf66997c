"""The weights of MGDA, smoothed over the steps."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.core.bounds import check_range
from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.torchjd_adapter import cr_mogm


@weightings.register(
    "cr_mogm",
    summary="the weights of MGDA, smoothed over the steps",
    source="Zhou et al. 2022, On the Convergence of Stochastic Multi-Objective Gradient Manipulation (NeurIPS); torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class SmoothedMGDA:
    """Weigh the gradients by a running mean of the weights of MGDA, which starts at 1 / T.

    Source: Zhou et al. 2022, On the Convergence of Stochastic Multi-Objective Gradient Manipulation (NeurIPS), CR-MOGM.
        Differs in: the smoothing is the same in all steps, where the paper raises it as the learning rate falls.
    """

    smoothing: float = 0.9
    """Share of the weights of the step before, in [0, 1]."""

    def __post_init__(self) -> None:
        """Check the smoothing.

        Raises:
            ValueError: If it is out of its range.
        """
        check_range("smoothing", self.smoothing, 0, 1)

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it remembers the weights."""
        return cr_mogm(num_tasks, self.smoothing)
