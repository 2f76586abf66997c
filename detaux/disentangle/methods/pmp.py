"""Product manifold projection with its free oracle: pairs alone teach which subspace carries which change."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.disentangle.product_method import ProductMethod
from detaux.disentangle.registry import disentanglers


@disentanglers.register(
    "pmp",
    summary="product manifold projection: the subspace that changed most carries a pair's change",
    source="Fumero et al. 2021, Learning disentangled representations via product manifold projection, Section 4",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class PMP(ProductMethod):
    """Pairs teach which subspace carries which change; labels only choose the pairs, by `principal_change_rate`.

    Source: Fumero et al. 2021, Section 4. Differs in: the weights and ramps are Detaux's, so that the two differ in
    the oracle alone.
    """
