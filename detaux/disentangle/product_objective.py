"""The loss of product manifold projection: its terms, weighted and timed."""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch
from torch import Tensor

from detaux.disentangle import losses
from detaux.disentangle.batches import Batch
from detaux.disentangle.product import ProductModel
from detaux.disentangle.schedule import Phase
from detaux.disentangle.units import Units, own_units, raw_units
from detaux.models.batch_inside import split_batch
from detaux.train.policy import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class TermWeights:
    """Weights of the loss terms beside reconstruction, which has weight 1; the defaults are the paper's."""

    distance: float = 0.1
    """Of the distance term."""
    sparsity: float = 0.1
    """Of the sparsity term."""
    consistency: float = 100.0
    """Of the consistency term."""
    regularisation: float = 1e-4
    """Of the regularisation term."""
    margin: float = 0.05
    """Squared change (in own units: change) that the subspace named by the oracle should reach."""
    margin_weight: float = 10.0
    """Weight of the margin inside the distance term."""
    own_units: bool = False
    """Whether each subspace's codes are judged in units of their own spread; see `units.py`."""

    def __post_init__(self) -> None:
        """Check the weights.

        Raises:
            ValueError: If one is negative.
        """
        if any(getattr(self, field.name) < 0 for field in fields(self)):
            raise ValueError(f"weights of loss terms must not be negative, but are {self}")


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductObjective:
    """The loss of a batch: reconstruction + strength * (the other terms, each with its weight and ramp).

    Source: Skenderi et al. 2025 (Detaux), Section 3. Differs in: `strength`, 1 in the paper; `own_units`, off in the
    paper; with the forced oracle, the distance term is logged in two, the principal subspace's part and the others',
    which add up to it. A term with factor 0 is not computed.
    """

    weights: TermWeights
    """Of the terms."""
    strength: float
    """At least 0; 0 leaves a plain autoencoder."""
    learn_usage: bool
    """Whether the regularisation term passes a gradient: it does as described, not as released."""
    forced: bool = True
    """Whether the principal label owns subspace 0 (Detaux), or the oracle is free to name any for it (PMP)."""

    def losses(self, model: ProductModel, batch: Batch, phase: Phase, policy: Policy) -> dict[str, Tensor]:
        """Return `loss`, their weighted sum, and each term as it is before weighting, all of shape ()."""
        factors = self._factors(phase)
        drawn = batch.drawn if "consistency" in factors else None
        with policy.autocast():  # by which a net may choose how maps lie in memory
            packed = model.architecture.net.pack(batch.images)
        codes, decoded, cycle = _passes(model, packed, drawn, policy)
        terms = {"reconstruction": losses.reconstruction(decoded, packed, batch.images.numel())}
        if factors:
            units = own_units(codes) if self.weights.own_units else raw_units(codes)
            terms |= self._pair_terms(units, batch.differ, factors, phase.sharpness)
            if cycle is not None:
                terms["consistency"] = losses.consistency(
                    cycle.mixed / units.scale, cycle.recovered / units.scale
                )
        weighted = [factor * terms[name] for name, factor in factors.items()]
        return {"loss": sum(weighted, terms["reconstruction"])} | terms

    def _factors(self, phase: Phase) -> dict[str, float]:
        principal = phase.principal if self.forced else phase.distance
        ramped = {
            "principal_distance": principal * self.weights.distance,
            "distance": phase.distance * self.weights.distance,
            "sparsity": phase.distance * self.weights.sparsity,
            "consistency": phase.consistency * self.weights.consistency,
            "regularisation": phase.regularisation * self.weights.regularisation,
        }
        return {name: self.strength * factor for name, factor in ramped.items() if self.strength * factor > 0}

    def _pair_terms(
        self, units: Units, differ: Tensor, wanted: dict[str, float], sharpness: float
    ) -> dict[str, Tensor]:
        terms = {}
        oracle = (
            losses.forced_oracle(units.compared, differ, sharpness)
            if self.forced
            else losses.plain_oracle(units.compared, sharpness)
        )
        if "distance" in wanted:
            margin, margin_weight = self.weights.margin, self.weights.margin_weight
            by_subspace = losses.distance(
                units.change, oracle, units.reached, margin=margin, margin_weight=margin_weight
            ) / len(units.change[0])
            terms["principal_distance"], terms["distance"] = by_subspace[0], by_subspace[1:].sum()
        if "sparsity" in wanted:
            terms["sparsity"] = losses.sparsity(units.codes)
        if "regularisation" in wanted:
            shares = losses.usage(units.change) if self.learn_usage else oracle.mean(0)
            terms["regularisation"] = losses.regularisation(shares)
        return terms


@dataclass(frozen=True, slots=True)
class _Cycle:
    """Mixed codes, and what is left of them after decoding and encoding, both (M, K, D)."""

    mixed: Tensor
    recovered: Tensor


def _passes(
    model: ProductModel, packed: Tensor, drawn: Tensor | None, policy: Policy
) -> tuple[Tensor, Tensor, _Cycle | None]:
    """Return the images' codes, the images decoded from them (packed), and the cycle of the mixtures, if any are drawn.

    All passes share one autocast, so that weights are cast once.
    """
    with policy.autocast():
        codes = model.encode_packed(packed)
        if drawn is None:
            return codes, model.decode_packed(codes), None
        mixed = losses.mixtures(codes, drawn)
        both = model.decode_packed(torch.cat([codes, mixed]))
        decoded, pictures = split_batch(both, [len(codes), len(mixed)])
        return codes, decoded, _Cycle(mixed, model.encode_packed(pictures))
