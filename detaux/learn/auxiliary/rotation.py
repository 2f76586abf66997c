"""How far an image was turned: a self-supervised task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detaux.core.errors import DataError
from detaux.learn.context import AuxiliaryContext
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import AnyTask, HeldOut

if TYPE_CHECKING:  # so that listing names does not load torch
    from detaux.learn.targets.base import Targets


@dataclass(frozen=True, kw_only=True, slots=True)
class RotationTask(AnyTask):
    """Tell by how many quarters an image was turned."""

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Refuse images that are not square; see `LimitsImages.check_image`."""
        Rotation().check_image(image_shape)

    def targets(self, *, seed: int) -> Targets:
        """Make what turns the images; see `AnyTask.targets`."""
        from detaux.learn.targets.made import RotationTargets

        return RotationTargets(seed=seed)

    def held_out(self, num_images: int) -> Sequence[HeldOut]:
        """Return each validation image turned all four ways; see `AnyTask.held_out`."""
        return [
            HeldOut(labels=np.full(num_images, quarters), quarters=quarters)
            for quarters in range(self.num_classes)
        ]


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

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Refuse images that are not square.

        Raises:
            DataError: If these are not.
        """
        height, width, _ = image_shape
        if height != width:
            raise DataError(
                f"rotation needs square images, but these have {height} x {width} pixels; take another auxiliary task"
            )

    def tasks(self, context: AuxiliaryContext) -> Sequence[RotationTask]:
        """Return the task, of 4 classes."""
        del context
        return (RotationTask(name="rotation", num_classes=4),)
