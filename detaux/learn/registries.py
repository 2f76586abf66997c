"""Where parts of stage three are filed, and what each kind must offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import Field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from detaux.core.registry import Registry
from detaux.learn.context import AuxiliaryContext
from detaux.learn.labels.discovery import Discovery
from detaux.learn.tasks import AnyTask

if TYPE_CHECKING:  # so that listing names does not load torch
    from detaux.learn.network import MultiTaskNet
    from detaux.learn.update import Update
    from detaux.models.registries import Backbone


class Auxiliary(Protocol):
    """A registered source of auxiliary tasks: a frozen dataclass whose fields are the options a suite may write."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init__(self, **options: Any) -> None: ...

    @property
    def discovery(self) -> Discovery | None:
        """What stages one and two must do otherwise than the suite says; None where their labels are not needed."""
        ...

    def tasks(self, context: AuxiliaryContext) -> Sequence[AnyTask]:
        """Make the auxiliary tasks; none for single-task learning.

        Raises:
            DataError: If the data set cannot serve them.
        """
        ...


class Weighting(Protocol):
    """A registered rule from T losses to one update: a frozen dataclass of options."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init__(self, **options: Any) -> None: ...

    def build(self, num_tasks: int) -> Update:
        """Make the rule for T tasks, with whatever it learns."""
        ...


@runtime_checkable
class Tuned(Protocol):
    """A weighting that stands for several, of which validation chooses."""

    def candidates(self) -> Sequence[Weighting]:
        """Return the weightings to train with, each from the start, at least one."""
        ...


class Architecture(Protocol):
    """A registered way to share a backbone between tasks: a frozen dataclass of options."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init__(self, **options: Any) -> None: ...

    @property
    def reads_auxiliary(self) -> bool:
        """Whether the principal answer reads what auxiliary tasks have of their own.

        Then their weight 0 is not single-task learning.
        """
        ...

    def build(
        self, backbone: Backbone, image_shape: tuple[int, int, int], num_classes: Sequence[int], *, seed: int
    ) -> MultiTaskNet:
        """Make the network, its weights derived from `seed` part by part.

        Args:
            backbone: Options of the network from images to features.
            image_shape: Height, width and channels (H, W, 3) of the images, in pixels.
            num_classes: Classes of each task (T,), the principal one first.
            seed: Seed of the run. What the principal task uses must start equal however many tasks follow.
        """
        ...


auxiliary: Registry[type[Auxiliary]] = Registry("auxiliary", "detaux.learn.auxiliary")
"""Sources of the auxiliary tasks."""
weightings: Registry[type[Weighting]] = Registry("weightings", "detaux.learn.weightings")
"""Rules from several losses to one update."""
architectures: Registry[type[Architecture]] = Registry("architectures", "detaux.learn.architectures")
"""Ways to share a backbone between tasks."""
