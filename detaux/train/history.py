"""What a training run did: its losses and validation scores over the steps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor

from detaux.core.errors import DivergedError

LOWER = "lower the learning rate, in stage one the strength"
"""What helps against numbers that run away."""


@dataclass(slots=True)
class History:
    """Losses and validation scores, as plain numbers ready for JSON."""

    losses: list[dict[str, float]] = field(default_factory=list)
    """About a hundred rows: `step` (steps done), and each loss term's mean over the steps since the row before."""
    validation: list[dict[str, float]] = field(default_factory=list)
    """A row a validation: `step` (steps done) and `score` (higher is better)."""
    best_step: int | None = None
    """Steps done when the kept weights were reached; None if the last weights were kept."""
    stopped_step: int | None = None
    """Steps done when patience was at its end; None if training went on to its last step."""

    @property
    def best_score(self) -> float:
        """Highest validation score, of all so far; minus infinity before the first."""
        best = self._best_until(math.inf)
        return best["score"] if best else -math.inf

    def best_words(self, step: int) -> str:
        """Tell the best validation of the weights as they were before a step, for an error's text."""
        best = self._best_until(step)
        if best is None:
            return "before any validation"
        return f"best validation score so far {best['score']:.4g} at step {best['step']}"

    def has_stalled(self, patience: int | None) -> bool:
        """Say whether so many validations, or more, have passed since the best score; never if patience is None."""
        since = [row for row in self.validation if row["step"] > (self.best_step or 0)]
        return patience is not None and len(since) >= patience

    def plain(self) -> dict[str, Any]:
        """Return the history as nested lists and dicts."""
        return asdict(self)

    def _best_until(self, step: float) -> dict[str, float] | None:
        """Return the first row of highest score after at most so many steps; a score that is no number is none."""
        rows = [row for row in self.validation if row["step"] <= step and not math.isnan(row["score"])]
        return max(rows, key=lambda row: row["score"], default=None)


class LossLog:
    """Gathers each step's losses on their device and fetches them in bulk, so that no step waits for the device."""

    def __init__(self) -> None:
        self._steps: list[tuple[int, dict[str, Tensor]]] = []

    def add(self, step: int, losses: Mapping[str, Tensor]) -> None:
        """Keep the losses of a step, each of shape ()."""
        self._steps.append((step, {name: loss.detach() for name, loss in losses.items()}))

    def flush(self, history: History) -> dict[str, float]:
        """Return the mean of each term over those steps that had it since the last flush, and forget them.

        Args:
            history: So far, for the error's text.

        Raises:
            DivergedError: If a loss was not finite; the first such step and term are named, and the best validation of
                the weights before that step.
        """
        steps, self._steps = self._steps, []
        numbers = torch.stack([loss.float() for _, losses in steps for loss in losses.values()]).tolist()
        sums: dict[str, list[float]] = {}
        for (step, name), number in zip(
            ((step, name) for step, losses in steps for name in losses), numbers, strict=True
        ):
            if not math.isfinite(number):
                raise DivergedError(
                    f"loss {name!r} is {number} in step {step}, {history.best_words(step)}: {LOWER}"
                )
            sums.setdefault(name, []).append(number)
        return {name: math.fsum(values) / len(values) for name, values in sums.items()}
