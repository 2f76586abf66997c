"""Images shifted by a few pixels."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from detaux.data.draws import Draws
from detaux.data.moving import shifted
from detaux.data.padded import Padded
from detaux.data.registries import augmentations


@augmentations.register(
    "crop",
    summary="each image padded by reflection, and a part of its size cut out at a random place",
    source="He et al. 2016, arXiv:1512.03385, section 4.2",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Crop(Padded):
    """Pads each image on all sides and cuts a part of its old size out; every place is equally likely.

    Source: He et al. 2016, arXiv:1512.03385, section 4.2. Differs in: borders are reflected, where theirs are black.
    """

    def apply(self, images: Tensor, draws: Draws) -> Tensor:
        """Augment a batch; see `Augmentation.apply`."""
        rows, columns = draws.uniform(2).unbind(1)
        return shifted(images, rows, columns, padding=self.padding)
