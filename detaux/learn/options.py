"""What a run of stage three is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detaux.data.augmenting import Augmentation
from detaux.data.corrupting import Corruption
from detaux.learn.registries import Architecture, Weighting
from detaux.models.registries import Backbone
from detaux.train.options import FitOptions, Schedule

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
    augmentation: Augmentation
    """Change of the training images each time one is seen, noise and all; validation and test have none."""
    steps: int
    """Optimiser steps, at least 1."""
    batch_size: int = 32
    """Images a step, 2 to 65,536; batch norm needs two."""
    optimizer: Literal["adamw", "sgd"] = "adamw"
    """SGD has a momentum of 0.9, which only `one_cycle` moves, and adds the weight decay to the gradient."""
    learning_rate: float = 1e-4
    """The constant rate, or the highest of the schedule."""
    weight_decay: float = 5e-3
    """Pull of the weights to 0."""
    schedule: Schedule = "constant"
    """Course of the learning rate over the steps: up and down again, down to 0 along half a cosine, or to a tenth at a
    half and a hundredth at three quarters of the steps."""
    label_smoothing: float = 0.0
    """Share of each target that is spread evenly over all classes, in [0, 1)."""
    validate_every: int = 250
    """Steps between validations on the principal task; the best weights are kept."""
    patience: int | None = None
    """Validations without a new best accuracy after which training stops early; None never does."""
    diagnose_every: int | None = None
    """Steps between measurements of cosine and ratio of norms of the principal and the auxiliary gradients on shared
    parameters; None measures none."""

    def __post_init__(self) -> None:
        """Check every option.

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
        if self.optimizer not in ("adamw", "sgd"):
            raise ValueError(f"optimizer must be 'adamw' or 'sgd', but is {self.optimizer!r}")
        if not 0 <= self.label_smoothing < 1:
            raise ValueError(f"label_smoothing must lie in [0, 1), but is {self.label_smoothing}")
        if self.diagnose_every is not None and self.diagnose_every < 1:
            raise ValueError(f"diagnose_every must be at least 1, but is {self.diagnose_every}")
        self.fit_options()

    def fit_options(self) -> FitOptions:
        """Return the part of the options that the training loop reads.

        Raises:
            ValueError: If one is out of its range.
        """
        return FitOptions(
            steps=self.steps,
            learning_rate=self.learning_rate,
            optimizer=self.optimizer,
            weight_decay=self.weight_decay,
            schedule=self.schedule,
            validate_every=self.validate_every,
            patience=self.patience,
        )
