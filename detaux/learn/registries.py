"""Where parts of stage three are filed, and what each kind must offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import Field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from detaux.core.registry import Registry
from detaux.learn.tasks import AuxiliaryContext, Task

if TYPE_CHECKING:  # so that listing names does not load torch
    from detaux.learn.network import MultiTaskNet
    from detaux.learn.update import Update
    from detaux.models.registries import Backbone


class Auxiliary(Protocol):
    """A registered source of auxiliary labels: a frozen dataclass whose fields are the options a suite may write."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    needs_discovery: ClassVar[bool]
    """Whether the labels of stage two are needed."""

    def __init__(self, **options: Any) -> None: ...

    def task(self, context: AuxiliaryContext) -> Task | None:
        """Make the auxiliary task, or None for single-task learning.

        Raises:
            DataError: If the data set cannot serve it.
        """
        ...


class Weighting(Protocol):
    """A registered rule from T losses to one update: a frozen dataclass of options."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init__(self, **options: Any) -> None: ...

    def build(self, num_tasks: int) -> Update:
        """Make the rule for T tasks, with whatever it learns."""
        ...


class Architecture(Protocol):
    """A registered way to share a backbone between tasks: a frozen dataclass of options."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init__(self, **options: Any) -> None: ...

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
"""Sources of the auxiliary task."""
weightings: Registry[type[Weighting]] = Registry("weightings", "detaux.learn.weightings")
"""Rules from several losses to one update."""
architectures: Registry[type[Architecture]] = Registry("architectures", "detaux.learn.architectures")
"""Ways to share a backbone between tasks."""
