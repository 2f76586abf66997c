"""Labels dealt blindly: what an auxiliary head does by being there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.seeding import derive_seed
from detaux.learn.context import AuxiliaryContext
from detaux.learn.labels.columns import column_tasks
from detaux.learn.labels.discovery import Discovery
from detaux.learn.labels.from_stage_two import FromStageTwo
from detaux.learn.limits import check_enough
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import UNLABELLED, Task


@auxiliary.register(
    "random",
    summary="labels dealt blindly, in classes of the sizes that were discovered, or of equal size",
    source="Skenderi et al. 2025, arXiv:2310.09278: the control of random labels",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Random(FromStageTwo):
    """Learn labels that say nothing of the images.

    Classes have the sizes of the discovered ones, each task dealt by itself, and images that stage two leaves out get no
    label; or, where a number of classes is given, sizes that differ by at most one, and stage two is not needed.
    """

    num_classes: int | None = None
    """Number of classes, at least 2; None for the discovered classes' number and sizes."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If there is no task, or there are fewer than 2 classes.
        """
        FromStageTwo.__post_init__(self)
        if self.num_classes is not None and self.num_classes < 2:  # noqa: PLR2004 - one class leaves nothing to learn
            raise ValueError(f"num_classes must be at least 2, but is {self.num_classes}")

    @property
    def discovery(self) -> Discovery | None:
        """Stages one and two as the suite has them, or None where the number of classes is given."""
        return self._stage_two() if self.num_classes is None else None

    def check_labelled(self, num_images: int, num_principal: int) -> None:
        """Check that there are images for the classes, where their number is given.

        Raises:
            DataError: If there are fewer labelled images.
        """
        del num_principal
        if self.num_classes is not None:
            check_enough(self.num_classes, num_images)

    def tasks(self, context: AuxiliaryContext) -> Sequence[Task]:
        """Return the tasks on labels dealt blindly, another draw for each seed and task.

        Raises:
            ValueError: If stage two is needed and was not run.
        """
        if self.num_classes is None:
            labels, num_classes = context.discovered_labels(), context.num_discovered
        else:
            in_turn, columns = np.arange(len(context.labels)) % self.num_classes, self.num_tasks or 1
            labels, num_classes = np.stack([in_turn] * columns, axis=1), [self.num_classes] * columns
        dealt = [_dealt(column, place, context.seed) for place, column in enumerate(labels.T)]
        return column_tasks("random", np.stack(dealt, axis=1), num_classes)


def _dealt(labels: NDArray[np.int64], place: int, seed: int) -> NDArray[np.int64]:
    """Return labels (N,) permuted among the images that have one."""
    generator = np.random.default_rng(derive_seed("learn", "random labels", place, seed))
    dealt, labelled = labels.copy(), labels != UNLABELLED
    dealt[labelled] = generator.permutation(labels[labelled])
    return dealt
