"""What a training run is made of, apart from its module and its losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Optimizer = Literal["adam", "adamw", "sgd"]
Schedule = Literal["constant", "one_cycle", "cosine", "step"]


@dataclass(frozen=True, kw_only=True, slots=True)
class FitOptions:
    """Length, optimiser and rates of one training run."""

    steps: int
    """Optimiser steps, at least 1."""
    learning_rate: float
    """The constant rate, or the highest of the schedule."""
    optimizer: Optimizer = "adam"
    """Adam, and SGD with momentum, add the weight decay to the gradient; AdamW takes it off the weights."""
    weight_decay: float = 0.0
    """Pull of the weights to 0."""
    schedule: Schedule = "constant"
    """Course of the learning rate over the steps; see `rates_at`."""
    rise_share: float = 0.1
    """Share of the steps in which `one_cycle` rises, in (0, 1)."""
    validate_every: int | None = None
    """Steps between validations; the weights with the best score are kept. None keeps the last weights."""
    patience: int | None = None
    """Validations without a new best score after which training stops early; None never does."""
    checkpoint_seconds: float = 30.0
    """Least time between two in-job checkpoints: a job shorter than this writes none."""

    def __post_init__(self) -> None:
        """Check every option.

        Raises:
            ValueError: If one is out of its range, or there is patience without validations.
        """
        _check_word("optimizer", self.optimizer, get_args(Optimizer))
        _check_word("schedule", self.schedule, get_args(Schedule))
        if self.steps < 1:
            raise ValueError(f"steps must be at least 1, but is {self.steps}")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate must be positive, but is {self.learning_rate}")
        if not self.weight_decay >= 0:
            raise ValueError(f"weight_decay must not be negative, but is {self.weight_decay}")
        if not 0 < self.rise_share < 1:
            raise ValueError(f"rise_share must lie between 0 and 1, but is {self.rise_share}")
        if self.validate_every is not None and self.validate_every < 1:
            raise ValueError(f"validate_every must be at least 1, but is {self.validate_every}")
        if self.patience is not None and self.patience < 1:
            raise ValueError(f"patience must be at least 1, but is {self.patience}")
        if self.patience is not None and self.validate_every is None:
            raise ValueError(f"patience must be None where validate_every is None, but is {self.patience}")


def _check_word(field: str, word: str, words: tuple[str, ...]) -> None:
    if word not in words:
        raise ValueError(f"{field} must be one of {words}, but is {word!r}")
