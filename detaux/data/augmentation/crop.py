"""Images shifted by a few pixels."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from detaux.data.draws import Draws
from detaux.data.moving import check_padding, shifted
from detaux.data.registries import augmentations


@augmentations.register(
    "crop",
    summary="each image padded by reflection, and a part of its size cut out at a random place",
    source="He et al. 2016, arXiv:1512.03385, section 4.2",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Crop:
    """Pads each image on all sides and cuts a part of its old size out; every place is equally likely.

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
        rows, columns = draws.uniform(2).unbind(1)
        return shifted(images, rows, columns, padding=self.padding)
