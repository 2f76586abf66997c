"""A square of one grey over a part of each image."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from detaux.data.draws import Draws
from detaux.data.pictures import check_pictures
from detaux.data.registries import corruptions
from detaux.data.window import Window, draw_windows

_LARGEST_SIDE = 0.9


@corruptions.register(
    "occlusion",
    summary="one square of each image, at a random place, filled with one value",
    source="DeVries and Taylor 2017, arXiv:1708.04552, section 3 (cutout)",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Occlusion:
    """Fills one square of each image with one value, in all channels; every place inside the image is equally likely.

    Source: DeVries and Taylor 2017, arXiv:1708.04552, section 3. Differs in: the square lies fully inside the image,
    where theirs has its centre inside; its side follows the image's size; and the value is an option, where theirs
    is the mean of the data set.

    Raises:
        ValueError: If an option is out of its range.
    """

    side: float = 0.25
    """Side of the square as a share of the image's, in (0, 0.9], so that some of the image is left; rounded to whole
    pixels, at least one. On an image that is not square, the share holds of its height and of its width."""
    value: float = 0.5
    """Value it is filled with, in [0, 1]."""

    def __post_init__(self) -> None:
        if not 0 < self.side <= _LARGEST_SIDE:
            raise ValueError(f"side must lie in (0, {_LARGEST_SIDE}], but is {self.side}")
        if not 0 <= self.value <= 1:
            raise ValueError(f"value must lie in [0, 1], but is {self.value}")

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that images are pictures: embeddings have no places.

        Raises:
            DataError: If they are embeddings.
        """
        check_pictures(image_shape, "use the corruption gaussian, salt_and_pepper or none")

    def apply(self, images: Tensor, draws: Draws) -> Tensor:
        """Corrupt a batch; see `Corruption.apply`."""
        rows, columns = (
            _covered(window, size)
            for window, size in zip(draw_windows(images, self.side, draws), images.shape[2:], strict=True)
        )
        return images.clone().masked_fill_(rows[:, None, :, None] & columns[:, None, None, :], self.value)


def _covered(window: Window, size: int) -> Tensor:
    """Return which of S pixels along an axis the squares cover, (B, S), bool."""
    pixels = torch.arange(size, device=window.starts.device)
    return (window.starts <= pixels) & (pixels < window.starts + window.length)
