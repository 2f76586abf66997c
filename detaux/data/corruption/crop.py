"""A random part of each image, resized to the whole."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import grid_sample

from detaux.data.draws import Draws
from detaux.data.pictures import check_pictures
from detaux.data.registries import corruptions
from detaux.data.window import Window, draw_windows

_SMALLEST_SIDE = 0.1


@corruptions.register(
    "crop",
    summary="a square of each image, at a random place, resized to the image's size",
    source="common practice; torchvision's RandomResizedCrop with one scale and the image's aspect",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Crop:
    """Cuts a square out of each image and resizes it to the image's size; every place is equally likely.

    Source: common practice; it gives what `torchvision.transforms.RandomResizedCrop` gives with one scale and the
    image's aspect: bilinear, pixel centres aligned, borders repeated. Differs in: all images of a batch are cut and
    resized at once.

    Raises:
        ValueError: If side lies outside [0.1, 1].
    """

    side: float = 0.8
    """Side of the square as a share of the image's, in [0.1, 1], so that something of the image is left to see;
    rounded to whole pixels, at least one. On an image that is not square, the share holds of its height and of its
    width."""

    def __post_init__(self) -> None:
        if not _SMALLEST_SIDE <= self.side <= 1:
            raise ValueError(f"side must lie in [{_SMALLEST_SIDE}, 1], but is {self.side}")

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that images are pictures: embeddings have no places.

        Raises:
            DataError: If they are embeddings.
        """
        check_pictures(image_shape, "use the corruption gaussian, salt_and_pepper or none")

    def apply(self, images: Tensor, draws: Draws) -> Tensor:
        """Corrupt a batch, computing in float32 where the images have less; see `Corruption.apply`."""
        height, width = images.shape[2:]
        windows = draw_windows(images, self.side, draws)
        rows, columns = (_sources(*of_axis) for of_axis in zip(windows, (height, width), strict=True))
        places = torch.stack(
            (columns[:, None, :].expand(-1, height, -1), rows[:, :, None].expand(-1, -1, width)), dim=-1
        )
        exact = images.to(torch.promote_types(images.dtype, torch.float32))
        cropped = grid_sample(exact, places.to(exact.dtype), padding_mode="border", align_corners=False)
        return torch.empty_like(images).copy_(cropped.clamp_(0, 1))


def _sources(window: Window, size: int) -> Tensor:
    """Return where along an axis of S pixels each pixel of the results is read.

    What would be read beyond the centres of a square's outermost pixels is read at those centres.

    Returns:
        Shape (B, S), float32, on the window's device; -1 and 1 are the image's edges.
    """
    pixels = torch.arange(size, dtype=torch.float32, device=window.starts.device)
    within = ((pixels + 0.5) * (window.length / size)).clamp(0.5, window.length - 0.5)
    return (window.starts + within) * 2 / size - 1
