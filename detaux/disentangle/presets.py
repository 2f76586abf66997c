"""Named sets of every number that stage one needs: the paper's, and a quick one of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from detaux.disentangle.objective import TermWeights
from detaux.disentangle.schedule import Ramps
from detaux.models.autoencoders import ConvNet, paper_net
from detaux.models.patch_net import PatchNet, patch_net
from detaux.train.options import FitOptions

PresetName = Literal["paper", "fast"]

_SELECTIONS = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """Net, loss and training of stage one."""

    net: Callable[[int], ConvNet | PatchNet]
    """Encoder and decoder for an image size in pixels."""
    weights: TermWeights
    """Of the loss terms."""
    ramps: Ramps
    """When the terms come in."""
    pairs: int
    """B, pairs in a batch."""
    mixtures_per_pair: int
    """How many mixtures the consistency term draws for each pair, at most K."""
    length: int
    """How long training takes, in `length_unit`."""
    length_unit: Literal["epochs", "steps"]
    """An epoch has as many pairs as there are images to train on."""
    learning_rate: float
    """The highest rate of Adam."""
    weight_decay: float
    """Of Adam."""
    schedule: Literal["constant", "one_cycle"]
    """Of the learning rate."""
    selection: Literal["best", "final"]
    """Which weights are kept: the best of 40 looks at held-out pairs, by the loss with every ramp at its end, or the last."""

    def steps(self, num_images: int) -> int:
        """Return the optimiser steps of a training on `num_images` images."""
        return self.length if self.length_unit == "steps" else self.length * -(-num_images // self.pairs)

    def fit_options(self, steps: int) -> FitOptions:
        """Return the options of the training loop for a run of `steps` steps."""
        return FitOptions(
            steps=steps,
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
            schedule=self.schedule,
            validate_every=max(1, steps // _SELECTIONS) if self.selection == "best" else None,
        )


PAPER = Preset(
    net=paper_net,
    weights=TermWeights(),
    ramps=Ramps(),
    pairs=32,
    mixtures_per_pair=2,
    length=40,
    length_unit="epochs",
    learning_rate=5e-4,
    weight_decay=1e-6,
    schedule="constant",
    selection="best",
)
"""Source: Skenderi et al. 2025 (Detaux), defaults of the paper and its public code on 3D Shapes."""

FAST = Preset(
    net=patch_net,
    weights=TermWeights(
        distance=0.3, sparsity=0.02, consistency=1.0, regularisation=0.0, margin=0.7, own_units=True
    ),
    ramps=Ramps(principal_full=0.35, first_sharpness=15 / 16, last_sharpness=500 / 16),
    pairs=32,
    mixtures_per_pair=1,
    length=4000,
    length_unit="steps",
    learning_rate=4e-3,
    weight_decay=1e-6,
    schedule="one_cycle",
    selection="final",
)
"""Source: ours; a minute or two on one core at 32 pixels, found with K = 6 and D = 16. Every term of the paper but the
margin falls with the scale of the codes, and shrinks it to nothing in a short training, hence units of their own; the
oracle hardens slowly, so that early guesses can be mended; the principal subspace, whose oracle is known, comes first."""

PRESETS: Mapping[PresetName, Preset] = MappingProxyType({"paper": PAPER, "fast": FAST})
