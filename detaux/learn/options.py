"""What a run of stage three is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detaux.data.corrupting import Corruption
from detaux.learn.registries import Architecture, Weighting
from detaux.models.registries import Backbone
from detaux.train.options import FitOptions

_LARGEST_BATCH = 65_536


@dataclass(frozen=True, kw_only=True, slots=True)
class LearnOptions:
    """What stage three trains, and for how long; numbers with a default have the paper's."""

    architecture: Architecture
    """How the tasks share the backbone."""
    backbone: Backbone
    """Network from images to features."""
    weighting: Weighting
    """Rule from the tasks' losses to one update."""
    corruption: Corruption
    """Noise on the images, in training and in validation."""
    corruption_draw: Literal["each_step", "once"] = "once"
    """Whether a training image has new noise each time it is seen, or one noise, as part of a noisy data set."""
    steps: int
    """Optimiser steps, at least 1."""
    batch_size: int = 32
    """Images a step, 2 to 65,536; batch norm needs two."""
    learning_rate: float = 1e-4
    """Of AdamW: the constant rate, or the highest of the cycle."""
    weight_decay: float = 5e-3
    """Pull of the weights to 0."""
    schedule: Literal["constant", "one_cycle"] = "constant"
    """Course of the learning rate over the steps."""
    validate_every: int = 250
    """Steps between validations on the principal task; the best weights are kept."""

    def __post_init__(self) -> None:
        """Check every number.

        Raises:
            ValueError: If one is out of its range.
        """
        if not 2 <= self.batch_size <= _LARGEST_BATCH:  # noqa: PLR2004 - the variance of one image is none
            raise ValueError(
                f"batch_size must be at least 2 and at most {_LARGEST_BATCH}, but is {self.batch_size}"
            )
        if self.corruption_draw not in ("each_step", "once"):
            raise ValueError(
                f"corruption_draw must be 'each_step' or 'once', but is {self.corruption_draw!r}"
            )
        self.fit_options()

    def fit_options(self) -> FitOptions:
        """Return the part of the options that the training loop reads.

        Raises:
            ValueError: If one is out of its range.
        """
        return FitOptions(
            steps=self.steps,
            learning_rate=self.learning_rate,
            optimizer="adamw",
            weight_decay=self.weight_decay,
            schedule=self.schedule,
            validate_every=self.validate_every,
        )
