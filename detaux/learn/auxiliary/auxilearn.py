"""Classes learnt by implicit differentiation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detaux.core.bounds import check_range
from detaux.data.pictures import check_pictures
from detaux.learn.context import AuxiliaryContext
from detaux.learn.limits import check_enough
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import AnyTask

if TYPE_CHECKING:  # so that listing names does not load torch
    from detaux.learn.targets.base import Targets

_MOST_CLASSES, _MOST_TERMS, _LEAST_RATE = 65_536, 100, 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class LearntTask(AnyTask):
    """Tell the learnt class of an image."""

    options: AuxiLearn
    """How it is learnt."""

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Refuse embeddings; see `LimitsImages.check_image`."""
        self.options.check_image(image_shape)

    def targets(self, *, seed: int) -> Targets:
        """Make what gives the classes and learns to; see `AnyTask.targets`."""
        from detaux.learn.targets.free import FreeTargets

        rate, terms = self.options.inner_rate, self.options.neumann_terms
        return FreeTargets(self.num_classes, inner_rate=rate, neumann_terms=terms, seed=seed)


@auxiliary.register(
    "auxilearn",
    summary="classes learnt so that training by them lowers other images' principal loss",
    source="Navon et al. 2021, arXiv:2007.02693",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class AuxiLearn:
    """Learn a division of all images while learning by it.

    Beside the plain step, each step costs two forward and two backward passes, and `neumann_terms` + 1 second backward
    passes through one of them.

    Source: Navon et al. 2021, arXiv:2007.02693, learning new auxiliary tasks, and its released code. Differs in: the principal
        loss that the labels are to lower is of another training batch, not of a part held out, as validation chooses the
        weights here; the labels are taught in every step, not every few; classes are shared by all principal
        classes, where the released code gives each its own; losses are cross-entropies, not focal, summed without weights,
        and the auxiliary head counts among the weights; the label net is a small one, trained by the run's
        optimiser at its rate.
    """

    num_classes: int = 10
    """Number of classes, 2 to 65,536."""
    inner_rate: float = 1e-3
    """Factor of the Neumann series, 0.000001 to 1; in the released code the learning rate.

    So small a factor leaves hardly any curvature in three more terms: on a toy they gave the direction of none.
    """
    neumann_terms: int = 3
    """Terms of the series after the first, 0 to 100."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        check_range("num_classes", self.num_classes, 2, _MOST_CLASSES)
        check_range("inner_rate", self.inner_rate, _LEAST_RATE, 1)
        check_range("neumann_terms", self.neumann_terms, 0, _MOST_TERMS)

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

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Refuse embeddings, of which no label net is made.

        Raises:
            DataError: If the images are such.
        """
        check_pictures(image_shape, "take an auxiliary task whose labels are not learnt")

    def tasks(self, context: AuxiliaryContext) -> Sequence[LearntTask]:
        """Return the task."""
        del context
        return (LearntTask(name="auxilearn", num_classes=self.num_classes, options=self),)
