"""Subclasses of the principal classes, learnt by looking one step ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from detaux.core.bounds import check_range, check_weight
from detaux.data.pictures import check_pictures
from detaux.learn.context import AuxiliaryContext
from detaux.learn.limits import check_enough
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import AnyTask

if TYPE_CHECKING:  # so that listing names does not load torch
    from detaux.learn.targets.base import Targets

_MOST_SUBCLASSES, _LEAST_RATE = 1_024, 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class SubclassTask(AnyTask):
    """Tell the learnt subclass of an image."""

    options: Maxl
    """How it is learnt."""

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Refuse embeddings; see `LimitsImages.check_image`."""
        self.options.check_image(image_shape)

    def targets(self, *, seed: int) -> Targets:
        """Make what gives the subclasses and learns to; see `AnyTask.targets`."""
        from detaux.learn.targets.subclass import SubclassTargets

        chosen = self.options
        return SubclassTargets(
            self.num_classes // chosen.subclasses,
            chosen.subclasses,
            inner_rate=chosen.inner_rate,
            entropy=chosen.entropy,
            order=chosen.order,
            seed=seed,
        )


@auxiliary.register(
    "maxl",
    summary="subclasses of the principal classes, learnt so that a step on them lowers the principal loss",
    source="Liu, Davison & Johns 2019, arXiv:1901.08933",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Maxl:
    """Learn a division of each principal class while learning by it.

    Beside the plain step, each step costs two forward and two backward passes and a second backward pass through one of
    them; of order `first`, four forward and two backward passes.

    Source: Liu, Davison & Johns 2019, arXiv:1901.08933, Sections 3.2 to 3.4; as there, the step looked ahead and the principal
        loss after it are of one training batch. Differs in: the labels are taught in each step, before the network learns by
        them, not in every other epoch; losses are cross-entropies, not focal; the step looked ahead is plain descent of
        the losses' unweighted sum, whatever weighting and optimiser follow it; the label net is a small one, trained by
        the run's optimiser at its rate. At the paper's scales the pull towards equal use outweighs what the step ahead tells:
        on an easy toy its gradient was 20 times as large at first and 2,000 times later, and shares stayed near equal.
    """

    subclasses: int = 5
    """Subclasses of each principal class, 2 to 1,024."""
    inner_rate: float = 0.01
    """Length of the step that is looked ahead, 0.000001 to 1; the paper's learning rate."""
    entropy: float = 0.2
    """Weight, as in the paper, of the pull towards equal use of all subclasses, against one swallowing the others."""
    order: Literal["second", "first"] = "second"
    """Whether the step is differentiated exactly, or by a finite difference as in DARTS."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        check_range("subclasses", self.subclasses, 2, _MOST_SUBCLASSES)
        check_range("inner_rate", self.inner_rate, _LEAST_RATE, 1)
        check_weight("entropy", self.entropy)
        if self.order not in ("second", "first"):
            raise ValueError(f"order must be 'second' or 'first', but is {self.order!r}")

    @property
    def discovery(self) -> None:
        """Not needed."""

    def check_labelled(self, num_images: int, num_principal: int) -> None:
        """Check that there are images for the subclasses of all principal classes.

        Raises:
            DataError: If there are fewer labelled images.
        """
        check_enough(num_principal * self.subclasses, num_images, "principal classes times subclasses")

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Refuse embeddings, of which no label net is made.

        Raises:
            DataError: If the images are such.
        """
        check_pictures(image_shape, "take an auxiliary task whose labels are not learnt")

    def tasks(self, context: AuxiliaryContext) -> Sequence[SubclassTask]:
        """Return the task, of as many classes as there are principal classes times subclasses."""
        classes = context.num_classes * self.subclasses
        return (SubclassTask(name="maxl", num_classes=classes, options=self),)
