"""The discovered labels dealt out anew: same class sizes, nothing to do with the images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from detaux.core.seeding import derive_seed
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import AuxiliaryContext, Task


@auxiliary.register(
    "shuffled",
    summary="the discovered labels, permuted over the images",
    source="this suite: tells the labels' meaning from their mere presence",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Shuffled:
    """Learn a permutation of the discovered labels, those left out among them."""

    needs_discovery: ClassVar[bool] = True

    def task(self, context: AuxiliaryContext) -> Task:
        """Return the task on permuted labels, another permutation for each seed.

        Raises:
            ValueError: If stage two was not run.
        """
        generator = np.random.default_rng(derive_seed("learn", "shuffled labels", context.seed))
        labels = generator.permutation(context.discovered_labels())
        return Task(name="shuffled", labels=labels, num_classes=context.num_discovered)
