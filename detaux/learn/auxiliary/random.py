"""Labels drawn blindly: what an auxiliary head does by being there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detaux.core.seeding import derive_seed
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import AuxiliaryContext, Task


@auxiliary.register(
    "random",
    summary="labels drawn blindly, classes of equal size",
    source="Skenderi et al. 2025, arXiv:2310.09278: the control of random labels",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Random:
    """Learn labels that say nothing of the images."""

    needs_discovery: ClassVar[bool] = False

    num_classes: int = 10
    """Number of classes, at least 2; their sizes differ by at most one image."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If there are fewer than 2 classes.
        """
        if self.num_classes < 2:  # noqa: PLR2004 - one class leaves nothing to learn
            raise ValueError(f"num_classes must be at least 2, but is {self.num_classes}")

    def task(self, context: AuxiliaryContext) -> Task:
        """Return the task on random labels, another draw for each seed."""
        generator = np.random.default_rng(derive_seed("learn", "random labels", context.seed))
        labels = generator.permutation(np.arange(len(context.factors)) % self.num_classes)
        return Task(name="random", labels=labels, num_classes=self.num_classes)
