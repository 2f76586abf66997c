"""When each term of stage one's loss comes in.

Source: Skenderi et al. 2025 (Detaux), public code. Differs in: time runs with every step, not with every epoch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from detaux.disentangle.losses import ORACLE_SHARPNESS

_STEEPNESS = 25.0
_SMALLEST_CONSISTENCY = 0.01


@dataclass(frozen=True, kw_only=True, slots=True)
class Ramps:
    """Moments of the schedule, as shares of the whole training time in [0, 1]."""

    warm_up: float = 0.25
    """Up to here, reconstruction alone."""
    distance_full: float = 0.4
    """From here on, distance and sparsity count in full; before, they rise exponentially."""
    consistency_full: float = 0.5
    """From here on, consistency counts in full; before, it rises exponentially."""
    principal_full: float | None = None
    """From here on, the principal subspace's distance counts in full; before, it rises linearly. None: with the others."""
    first_sharpness: float = ORACLE_SHARPNESS
    """How surely the oracle names a subspace at the end of the warm-up."""
    last_sharpness: float = ORACLE_SHARPNESS
    """How surely it does when it is sharpest."""
    sharpness_full: float = 0.55
    """From here on, the oracle is sharpest; before, its sharpness rises exponentially."""

    def __post_init__(self) -> None:
        """Check the moments.

        Raises:
            ValueError: If one lies outside [0, 1].
        """
        moments = (
            self.warm_up,
            self.distance_full,
            self.consistency_full,
            self.sharpness_full,
            self.principal_full or 0,
        )
        if not all(0 <= moment <= 1 for moment in moments):
            raise ValueError(f"moments of the schedule must lie in [0, 1], but are {self}")
        if not 0 < self.first_sharpness <= self.last_sharpness:
            raise ValueError(f"sharpness must be positive and must not fall, but is {self}")

    def at(self, time: float) -> Phase:
        """Return the factors of the terms at a time in [0, 1], the share of training done."""
        if time <= self.warm_up:
            return Phase(
                principal=0.0,
                distance=0.0,
                consistency=0.0,
                regularisation=0.0,
                sharpness=self.first_sharpness,
            )
        distance = min(math.exp(_STEEPNESS * (time - self.distance_full)), 1.0)
        consistency = min(math.exp(_STEEPNESS * (time - self.consistency_full)), 1.0)
        early = 0.0 if self.principal_full is None else self._share_of_way(time, self.principal_full)
        rise = self.last_sharpness / self.first_sharpness
        return Phase(
            principal=max(distance, early),
            distance=distance,
            consistency=consistency if consistency > _SMALLEST_CONSISTENCY else 0.0,
            regularisation=1.0 - distance,
            sharpness=self.first_sharpness * rise ** self._share_of_way(time, self.sharpness_full),
        )

    def _share_of_way(self, time: float, end: float) -> float:
        """Return how far a time is between the end of the warm-up and `end`, in [0, 1]."""
        return 1.0 if time >= end else (time - self.warm_up) / (end - self.warm_up)


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """Factors in [0, 1] of the loss terms at one moment; a term with factor 0 is not computed."""

    principal: float
    """Of the principal subspace's distance: b1, or more where it comes first."""
    distance: float
    """b1: of the other subspaces' distance, and of sparsity."""
    consistency: float
    """b2, and 0 where that is at most 0.01."""
    regularisation: float
    """b3 = 1 - b1."""
    sharpness: float
    """Of the oracle; no factor."""
