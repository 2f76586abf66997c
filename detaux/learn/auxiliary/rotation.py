"""How far an image was turned: a self-supervised task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detaux.learn.registries import auxiliary
from detaux.learn.tasks import AnyTask, AuxiliaryContext

if TYPE_CHECKING:  # so that listing names does not load torch
    from detaux.learn.targets.base import Targets


@dataclass(frozen=True, kw_only=True, slots=True)
class RotationTask(AnyTask):
    """Tell by how many quarters an image was turned."""

    def targets(self, *, seed: int) -> Targets:
        """Make what turns the images; see `AnyTask.targets`."""
        from detaux.learn.targets.made import RotationTargets

        return RotationTargets(seed=seed)


@auxiliary.register(
    "rotation",
    summary="by how many quarters an image was turned; square images only",
    source="Gidaris, Singh & Komodakis 2018, arXiv:1803.07728",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Rotation:
    """Learn how far images were turned, beside the principal labels of the same images upright.

    The images pass the network twice in each step, upright and turned.

    Source: Gidaris, Singh & Komodakis 2018, arXiv:1803.07728, Section 2. Differs in: an image is turned one way an epoch,
        drawn anew, not all four ways in one batch.
    """

    @property
    def discovery(self) -> None:
        """Not needed."""

    def tasks(self, context: AuxiliaryContext) -> Sequence[RotationTask]:
        """Return the task, of 4 classes; its targets refuse images that are not square before training."""
        del context
        return (RotationTask(name="rotation", num_classes=4),)
