"""Labels drawn anew each epoch: a task that cannot even be memorised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detaux.core.bounds import check_range
from detaux.learn.context import AuxiliaryContext
from detaux.learn.limits import check_enough
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import AnyTask

if TYPE_CHECKING:  # so that listing names does not load torch
    from detaux.learn.targets.base import Targets

_MOST_CLASSES = 65_536


@dataclass(frozen=True, kw_only=True, slots=True)
class NoiseTask(AnyTask):
    """Tell what cannot be told."""

    def targets(self, *, seed: int) -> Targets:
        """Make what draws the labels; see `AnyTask.targets`."""
        from detaux.learn.targets.made import NoiseTargets

        return NoiseTargets(self.num_classes, seed=seed)


@auxiliary.register(
    "noise",
    summary="labels drawn anew each epoch, which cannot be memorised",
    source="after Liu et al. 2022, arXiv:2202.03091: their noise prediction, as classification",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Noise:
    """Learn labels that say nothing of the images and never come again, unlike those of `random`.

    Source: Liu et al. 2022, arXiv:2202.03091, noise prediction. Differs in: a class is drawn for an image,
        with all classes equally likely, not a number for each pixel.
    """

    num_classes: int = 10
    """Number of classes, 2 to 65,536."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If the number of classes is out of its range.
        """
        check_range("num_classes", self.num_classes, 2, _MOST_CLASSES)

    @property
    def discovery(self) -> None:
        """Not needed."""

    def check_labelled(self, num_images: int, num_principal: int) -> None:
        """Check that there are images for the classes.

        Raises:
            DataError: If there are fewer labelled images.
        """
        del num_principal
        check_enough(self.num_classes, num_images)

    def tasks(self, context: AuxiliaryContext) -> Sequence[NoiseTask]:
        """Return the task, another draw for each seed."""
        del context
        return (NoiseTask(name="noise", num_classes=self.num_classes),)
