"""Parts of images of random size and aspect, resized to the whole, the usual augmentation of ImageNet."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import grid_sample

from detaux.data.draws import Draws
from detaux.data.moving import NO_AUGMENTATION
from detaux.data.pictures import check_pictures
from detaux.data.registries import augmentations

_WIDEST = 4 / 3


@augmentations.register(
    "resized_crop",
    summary="a part of each image, of random size, aspect and place, resized to the image's size; usual on ImageNet",
    source="Szegedy et al. 2015, arXiv:1409.4842, section 6",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class ResizedCrop:
    """Cuts a rectangle out of each image and resizes it to the image's size, bilinearly; borders are repeated.

    Its share of the area is uniform; the logarithm of its aspect is uniform between those of 3/4 and 4/3, as far as
    the rectangle fits; every place inside the image is equally likely.

    Source: Szegedy et al. 2015, arXiv:1409.4842, section 6, as in `torchvision.transforms.RandomResizedCrop`. Differs
    in: nothing is drawn again where a rectangle does not fit, its aspect is drawn among those that do; sides are not
    rounded to whole pixels; on an image that is not square, 1 is the image's own aspect.

    Raises:
        ValueError: If min_area lies outside (0, 1].
    """

    min_area: float = 0.08
    """Least share of the image's area, in (0, 1]; the largest is 1."""

    def __post_init__(self) -> None:
        if not 0 < self.min_area <= 1:
            raise ValueError(f"min_area must lie in (0, 1], but is {self.min_area}")

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that images are pictures: embeddings have no places.

        Raises:
            DataError: If they are embeddings.
        """
        check_pictures(image_shape, NO_AUGMENTATION)

    def apply(self, images: Tensor, draws: Draws) -> Tensor:
        """Augment a batch, computing in float32 where the images have less; see `Augmentation.apply`."""
        height, width = images.shape[2:]
        area, aspect, row, column = draws.uniform(4).T.contiguous()
        sides = self._sides(area, aspect)
        rows, columns = _sources(sides[0], row, height), _sources(sides[1], column, width)
        places = torch.stack(
            (columns[:, None, :].expand(-1, height, -1), rows[:, :, None].expand(-1, -1, width)), dim=-1
        )
        exact = images.to(torch.promote_types(images.dtype, torch.float32))
        resized = grid_sample(exact, places.to(exact.dtype), padding_mode="border", align_corners=False)
        return torch.empty_like(images).copy_(resized.clamp_(0, 1))

    def _sides(self, area: Tensor, aspect: Tensor) -> tuple[Tensor, Tensor]:
        """Return height and width (B,) of the rectangles, as shares of the image's, for draws (B,) of [0, 1)."""
        areas = self.min_area + (1 - self.min_area) * area
        widest = areas.reciprocal().clamp(max=_WIDEST).log()
        root = ((2 * aspect - 1) * widest / 2).exp()
        return areas.sqrt() / root, areas.sqrt() * root


def _sources(sides: Tensor, draw: Tensor, size: int) -> Tensor:
    """Return where along an axis of S pixels each pixel of the results is read.

    Args:
        sides: Lengths of the rectangles along the axis as shares of it, (B,), in (0, 1].
        draw: Of [0, 1), (B,): chooses their places.
        size: S.

    Returns:
        Shape (B, S), float32; -1 and 1 are the image's edges.
    """
    centres = (2 * torch.arange(size, dtype=torch.float32, device=draw.device) + 1) / size - 1
    middles = (2 * draw - 1) * (1 - sides)
    return middles[:, None] + sides[:, None] * centres
