"""What an augmentation is."""

from __future__ import annotations

from dataclasses import Field
from typing import Any, ClassVar, Protocol

from torch import Tensor

from detaux.data.draws import Draws


class Augmentation(Protocol):
    """A registered augmentation: a frozen dataclass whose fields are the options a suite may write."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init__(self, **options: Any) -> None: ...

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check, without drawing anything, that images of this shape (H, W, 3) can be augmented so.

        Raises:
            DataError: If they cannot; the text names the remedy.
        """
        ...

    def apply(self, images: Tensor, draws: Draws) -> Tensor:
        """Augment a batch, leaving the input as it is.

        Args:
            images: Shape (B, 3, H, W), float in [0, 1].
            draws: Of these images, (B,), on their device.

        Returns:
            Augmented images, of the same shape, type, device and memory format.
        """
        ...
