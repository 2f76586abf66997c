"""Named sets of every number that product manifold projection needs: the paper's, and a quick one of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from detaux.disentangle.nets import PresetName
from detaux.disentangle.product_objective import TermWeights
from detaux.disentangle.schedule import Ramps
from detaux.disentangle.training import Training


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """Loss and training of product manifold projection; the net of the same name is in `nets.py`."""

    weights: TermWeights
    """Of the loss terms."""
    ramps: Ramps
    """When the terms come in."""
    mixtures_per_pair: int
    """How many mixtures the consistency term draws for each pair, at most K."""
    training: Training
    """Batches, length and rates."""


PAPER = Preset(
    weights=TermWeights(),
    ramps=Ramps(),
    mixtures_per_pair=2,
    training=Training(
        pairs=32,
        length=40,
        length_unit="epochs",
        learning_rate=5e-4,
        weight_decay=1e-6,
        selection="best",
    ),
)
"""Source: Skenderi et al. 2025 (Detaux), defaults of the paper and its public code on 3D Shapes."""

FAST = Preset(
    weights=TermWeights(
        distance=0.3, sparsity=0.02, consistency=1.0, regularisation=0.0, margin=0.7, own_units=True
    ),
    ramps=Ramps(principal_full=0.35, first_sharpness=15 / 16, last_sharpness=500 / 16),
    mixtures_per_pair=1,
    training=Training(
        pairs=32,
        length=4000,
        length_unit="steps",
        learning_rate=4e-3,
        weight_decay=1e-6,
        schedule="one_cycle",
    ),
)
"""Source: ours; a minute or two on one core at 32 pixels, found with K = 6 and D = 16. Every term of the paper but the
margin falls with the scale of the codes, and shrinks it to nothing in a short training, hence units of their own; the
oracle hardens slowly, so that early guesses can be mended; the principal subspace, whose oracle is known, comes first."""

PRESETS: Mapping[PresetName, Preset] = MappingProxyType(
    {"paper": PAPER, "fast": FAST, "large": PAPER, "large_vector": PAPER}
)
"""The public code has the same defaults for its large model as for its small one; how long it trains is not told."""
