"""One weight for every auxiliary task, the same in all steps."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.learn.registries import weightings
from detaux.learn.updating.scalarized import FixedWeight


@weightings.register(
    "fixed",
    summary="the principal loss plus the auxiliary ones under one weight that never changes",
    source="Kurin et al. 2022, arXiv:2201.04122, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Fixed(FixedWeight):
    """Give the principal task weight 1, and every auxiliary task another, which `weight` sets.

    Source: Kurin et al. 2022, arXiv:2201.04122, Section 3. Differs in: one weight for all auxiliary tasks.
    """
