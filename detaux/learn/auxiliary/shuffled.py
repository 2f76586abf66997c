"""The discovered labels dealt out anew: same class sizes, nothing to do with the images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detaux.core.seeding import derive_seed
from detaux.learn.context import AuxiliaryContext
from detaux.learn.labels.columns import column_tasks
from detaux.learn.labels.from_stage_two import FromStageTwo
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import Task


@auxiliary.register(
    "shuffled",
    summary="the discovered labels, permuted over the images",
    source="this suite: tells the labels' meaning from their mere presence",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Shuffled(FromStageTwo):
    """Learn a permutation of the discovered labels, those left out among them; an image's labels stay together."""

    def tasks(self, context: AuxiliaryContext) -> Sequence[Task]:
        """Return the tasks on permuted labels, another permutation for each seed.

        Raises:
            ValueError: If stage two was not run.
        """
        generator = np.random.default_rng(derive_seed("learn", "shuffled labels", context.seed))
        labels = generator.permutation(context.discovered_labels(), axis=0)
        return column_tasks("shuffled", labels, context.num_discovered)
