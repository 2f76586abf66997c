"""Images mirrored left to right."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from detaux.data.draws import Draws
from detaux.data.moving import NO_AUGMENTATION, mirrored
from detaux.data.pictures import check_pictures
from detaux.data.registries import augmentations


@augmentations.register(
    "flip",
    summary="each image mirrored left to right, or not",
    source="Krizhevsky et al. 2012, ImageNet Classification with Deep Convolutional Neural Networks, section 4.1",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Flip:
    """Mirrors each image left to right with a given chance.

    Source: Krizhevsky et al. 2012, section 4.1, the horizontal reflections. Differs in: nothing.

    Raises:
        ValueError: If chance lies outside [0, 1].
    """

    chance: float = 0.5
    """Chance that an image is mirrored, in [0, 1]."""

    def __post_init__(self) -> None:
        if not 0 <= self.chance <= 1:
            raise ValueError(f"chance must lie in [0, 1], but is {self.chance}")

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that images are pictures: embeddings have no left and right.

        Raises:
            DataError: If they are embeddings.
        """
        check_pictures(image_shape, NO_AUGMENTATION)

    def apply(self, images: Tensor, draws: Draws) -> Tensor:
        """Augment a batch; see `Augmentation.apply`."""
        return mirrored(images, draws.uniform() < self.chance)
