"""Product manifold projection with a forced principal subspace: the paper's stage one."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.disentangle.pair_method import PairMethod
from detaux.disentangle.registry import disentanglers


@disentanglers.register(
    "pmp",
    summary="product manifold projection; the principal label owns subspace 0",
    source="Skenderi et al. 2025, arXiv:2310.09278, Section 3; Fumero et al. 2021 (PMP)",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class PMP(PairMethod):
    """Pairs teach which subspace carries which change; the fields are `PairMethod`'s.

    Source: Skenderi et al. 2025, arXiv:2310.09278, Section 3, with the forced oracle on top of Fumero et al. 2021.
    """
