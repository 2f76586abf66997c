"""Stage one's training: pairs in, a trained disentangler out."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from detaux.core.progress import Progress
from detaux.disentangle.batches import PairBatches
from detaux.disentangle.model import Disentangler
from detaux.disentangle.objective import Objective
from detaux.disentangle.schedule import Ramps
from detaux.train.history import History
from detaux.train.loop import fit
from detaux.train.options import FitOptions
from detaux.train.policy import Policy

_HELD_OUT_BATCHES = 8


def train_on_pairs(
    model: Disentangler,
    batches: PairBatches,
    held_out: PairBatches | None,
    *,
    objective: Objective,
    ramps: Ramps,
    options: FitOptions,
    policy: Policy,
    seed: int,
    work: Path | None,
    progress: Progress,
) -> History:
    """Train a model in place.

    Args:
        model: On `policy.device`.
        batches: What it is trained on.
        held_out: Pairs that choose the weights: those with the lowest loss on 8 batches of them, every ramp at its
            end, are kept. None keeps the last weights.
        objective: The loss.
        ramps: When its terms come in.
        options: Length and rates; validates if and only if there are held-out pairs.
        policy: Device and precision.
        seed: Of torch's global generators.
        work: Folder of the in-job checkpoint, or None.
        progress: Told how far training is.

    Returns:
        Losses by term; validation scores are losses with their sign turned.

    Raises:
        DivergedError: If a loss is not finite.
    """

    def train_step(step: int) -> dict[str, Tensor]:
        losses = objective.losses(model, batches.draw(step), ramps.at(step / options.steps), policy)
        torch.autograd.backward(losses["loss"])
        return losses

    def held_out_score(pairs: PairBatches) -> float:
        drawn = map(pairs.draw, range(_HELD_OUT_BATCHES))
        losses = [objective.losses(model, batch, ramps.at(1.0), policy)["loss"] for batch in drawn]
        return -torch.stack(losses).mean().item()

    return fit(
        model,
        train_step,
        options=options,
        policy=policy,
        seed=seed,
        work=work,
        progress=progress,
        validate=None if held_out is None else lambda: held_out_score(held_out),
    )
