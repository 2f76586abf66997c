"""Clusters of a classifier's features: what is found by knowing the principal task and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detaux.learn.context import AuxiliaryContext
from detaux.learn.labels.columns import found_tasks
from detaux.learn.labels.discovery import Discovery
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import Task


@auxiliary.register(
    "features",
    summary="clusters of the features of a classifier of the principal task",
    source="this suite; control for Skenderi et al. 2025, arXiv:2310.09278, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class FeatureClusters:
    """Learn clusters of what a net knows that was trained on all training images by their principal labels.

    Single-task learning sees only the labels of `train_size` images; so this control, as stage one's pairs, knows more.
    Its net, its training, its noise and the number of its features, K * D, are those of the suite's own disentangler.
    """

    @property
    def discovery(self) -> Discovery:
        """Stage one by the principal labels alone, stage two on all its features at once."""
        return Discovery(
            method={"name": "supervised", "strength": 1.0},
            changes={"subspace": {"name": "whole"}, "tasks": 1},
        )

    def tasks(self, context: AuxiliaryContext) -> Sequence[Task]:
        """Return the task on the labels found.

        Raises:
            ValueError: If stage two was not run.
        """
        return found_tasks("features", context)
