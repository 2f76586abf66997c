"""Stage one's training: batches in, a trained disentangler out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn

from detaux.core.progress import Progress
from detaux.disentangle.batches import PairBatches
from detaux.disentangle.model import Disentangler
from detaux.disentangle.objective import Objective
from detaux.train.history import History
from detaux.train.loop import fit
from detaux.train.options import FitOptions
from detaux.train.policy import Policy

_HELD_OUT_BATCHES = 8
_SELECTIONS = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Training:
    """How long and how fast a method is trained, and on how many images at once."""

    pairs: int
    """B: a batch has 2B images."""
    length: int
    """How long training takes, in `length_unit`."""
    length_unit: Literal["epochs", "steps"]
    """An epoch has as many pairs as there are images to train on."""
    learning_rate: float
    """The highest rate of Adam."""
    weight_decay: float = 0.0
    """Of Adam."""
    schedule: Literal["constant", "one_cycle"] = "constant"
    """Of the learning rate."""
    selection: Literal["best", "final"] = "final"
    """Which weights are kept: the best of 40 looks at held-out images, by the loss at the end of all schedules, or the last."""

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


def train(
    model: Disentangler,
    objective: Objective,
    batches: PairBatches,
    held_out: PairBatches | None,
    *,
    options: FitOptions,
    policy: Policy,
    seed: int,
    work: Path | None,
    progress: Progress,
) -> History:
    """Train a model in place, with the modules beside it.

    Args:
        model: On `policy.device`.
        objective: Its losses.
        batches: What it is trained on.
        held_out: Images that choose the weights: those with the lowest loss on 8 batches of them, every schedule at
            its end, are kept. None keeps the last weights.
        options: Length and rates; validates if and only if there are held-out images.
        policy: Device and precision.
        seed: Of torch's global generators.
        work: Folder of the in-job checkpoint, or None.
        progress: Told how far training is.

    Returns:
        Losses by term; validation scores are losses with their sign turned.

    Raises:
        DivergedError: If a loss is not finite.
    """

    def train_step(step: int) -> Mapping[str, Tensor]:
        losses = objective.losses(batches.draw(step), step / options.steps)
        torch.autograd.backward(losses["loss"])
        return losses

    def held_out_score(drawn_from: PairBatches) -> float:
        drawn = map(drawn_from.draw, range(_HELD_OUT_BATCHES))
        return -torch.stack([objective.losses(batch, 1.0)["loss"] for batch in drawn]).mean().item()

    return fit(
        nn.ModuleList([model, *objective.beside]),
        train_step,
        options=options,
        policy=policy,
        seed=seed,
        work=work,
        progress=progress,
        validate=None if held_out is None else lambda: held_out_score(held_out),
    )
