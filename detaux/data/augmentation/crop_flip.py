"""Images shifted by a few pixels and mirrored, the usual augmentation of CIFAR."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from detaux.data.draws import Draws
from detaux.data.moving import check_padding, mirrored, shifted
from detaux.data.registries import augmentations

_CHANCE = 0.5


@augmentations.register(
    "crop_flip",
    summary="crop, then each second image mirrored left to right; usual on CIFAR",
    source="He et al. 2016, arXiv:1512.03385, section 4.2",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class CropFlip:
    """Pads each image on all sides, cuts a part of its old size out at any place, and mirrors it with chance 0.5.

    Source: He et al. 2016, arXiv:1512.03385, section 4.2. Differs in: borders are reflected, where theirs are black.

    Raises:
        ValueError: If padding is below 1.
    """

    padding: int = 4
    """Pixels added on each side, at least 1 and fewer than the image's shorter side has."""

    def __post_init__(self) -> None:
        if self.padding < 1:
            raise ValueError(f"padding must be at least 1, but is {self.padding}")

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that images can be padded.

        Raises:
            DataError: If they are embeddings, or a side is no longer than the padding.
        """
        check_padding(image_shape, self.padding)

    def apply(self, images: Tensor, draws: Draws) -> Tensor:
        """Augment a batch; see `Augmentation.apply`."""
        rows, columns, chance = draws.uniform(3).unbind(1)
        return mirrored(shifted(images, rows, columns, padding=self.padding), chance < _CHANCE)
