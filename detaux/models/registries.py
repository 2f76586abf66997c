"""Where networks that a suite can name are filed, and what each of them must offer."""

from __future__ import annotations

from dataclasses import Field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from detaux.core.registry import Registry

if TYPE_CHECKING:  # so that listing names does not load torch
    from detaux.models.trunk import Trunk


class Backbone(Protocol):
    """A registered backbone: a frozen dataclass whose fields are the options a suite may write."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init__(self, **options: Any) -> None: ...

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check, without building anything, that images of this size (H, W, 3), in pixels, can pass.

        Raises:
            DataError: If they cannot.
        """
        ...

    def build(self, image_shape: tuple[int, int, int]) -> Trunk:
        """Make the network, its weights drawn from torch's global generator.

        Args:
            image_shape: Height, width and channels (H, W, 3) of the images, in pixels.

        Returns:
            A chain of stages from images (B, 3, H, W), float in [0, 1], to features (B, P).

        Raises:
            DataError: If images of this size cannot pass, or asked-for weights are not on this machine.
        """
        ...


backbones: Registry[type[Backbone]] = Registry("backbones", "detaux.models.backbones")
"""Networks that stage three shares between tasks."""
