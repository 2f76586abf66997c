"""Images shifted by a few pixels and mirrored, the usual augmentation of CIFAR."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from detaux.data.draws import Draws
from detaux.data.moving import mirrored, shifted
from detaux.data.padded import Padded
from detaux.data.registries import augmentations

_CHANCE = 0.5


@augmentations.register(
    "crop_flip",
    summary="crop, then each second image mirrored left to right; usual on CIFAR",
    source="He et al. 2016, arXiv:1512.03385, section 4.2",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class CropFlip(Padded):
    """Pads each image on all sides, cuts a part of its old size out at any place, and mirrors it with chance 0.5.

    Source: He et al. 2016, arXiv:1512.03385, section 4.2. Differs in: borders are reflected, where theirs are black.
    """

    def apply(self, images: Tensor, draws: Draws) -> Tensor:
        """Augment a batch; see `Augmentation.apply`."""
        rows, columns, chance = draws.uniform(3).unbind(1)
        return mirrored(shifted(images, rows, columns, padding=self.padding), chance < _CHANCE)
