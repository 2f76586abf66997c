"""No augmentation."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from detaux.data.draws import Draws
from detaux.data.registries import augmentations


@augmentations.register("none", summary="images as they are", source="the identity")
@dataclass(frozen=True, kw_only=True, slots=True)
class NoAugmentation:
    """Leaves images as they are, and draws nothing."""

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Refuse nothing."""

    def apply(self, images: Tensor, draws: Draws) -> Tensor:  # noqa: ARG002 - the protocol's
        """Return the images themselves; see `Augmentation.apply`."""
        return images
