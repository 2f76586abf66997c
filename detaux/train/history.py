"""What a training run did: its losses and validation scores over the steps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor

from detaux.core.errors import DivergedError


@dataclass(slots=True)
class History:
    """Losses and validation scores, as plain numbers ready for JSON."""

    losses: list[dict[str, float]] = field(default_factory=list)
    """About a hundred rows: `step` (steps done), and each loss term's mean over the steps since the row before."""
    validation: list[dict[str, float]] = field(default_factory=list)
    """A row a validation: `step` (steps done) and `score` (higher is better)."""
    best_step: int | None = None
    """Steps done when the kept weights were reached; None if the last weights were kept."""

    def plain(self) -> dict[str, Any]:
        """Return the history as nested lists and dicts."""
        return asdict(self)


class LossLog:
    """Gathers each step's losses on their device and fetches them in bulk, so that no step waits for the device."""

    def __init__(self) -> None:
        self._steps: list[tuple[int, dict[str, Tensor]]] = []

    def add(self, step: int, losses: Mapping[str, Tensor]) -> None:
        """Keep the losses of a step, each of shape ()."""
        self._steps.append((step, {name: loss.detach() for name, loss in losses.items()}))

    def flush(self) -> dict[str, float]:
        """Return the mean of each term over the steps kept since the last flush, and forget them.

        Raises:
            DivergedError: If a loss was not finite; the first such step and term are named.
        """
        steps, self._steps = self._steps, []
        numbers = torch.stack([loss.float() for _, losses in steps for loss in losses.values()]).tolist()
        sums: dict[str, list[float]] = {}
        for (step, name), number in zip(
            ((step, name) for step, losses in steps for name in losses), numbers, strict=True
        ):
            if not math.isfinite(number):
                raise DivergedError(
                    f"loss {name!r} is {number} in step {step}: lower the learning rate, in stage one the strength"
                )
            sums.setdefault(name, []).append(number)
        return {name: math.fsum(values) / len(values) for name, values in sums.items()}
