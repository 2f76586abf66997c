"""Salt-and-pepper noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from torch import Tensor

from detaux.data.draws import Draws
from detaux.data.registries import corruptions

PEPPER_VALUE = 0.02
SALT_VALUE = 0.98

Variant = Literal["as_described", "as_released"]


@corruptions.register(
    "salt_and_pepper",
    summary="a share of the elements set to near black, a share to near white",
    source="Skenderi et al. 2025, arXiv:2310.09278, experiments on 3D Shapes",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class SaltAndPepper:
    """Sets elements, each one channel of one pixel, to 0.02 or to 0.98 with given chances.

    Source: Skenderi et al. 2025, arXiv:2310.09278, the authors' code on 3D Shapes: `as_described` is its stage one, a
    uniform draw. `as_released` is its stage three, a standard normal draw with the same thresholds, new each time an
    image is seen: with 0.08 for both, 53.2 % of the elements become 0.98 and 17.9 % become 0.02, 71.1 % together.
    Differs in: one variant holds for training and scoring, in every stage that names it.

    Raises:
        ValueError: If a share is negative, or the two exceed 1 together; or if the variant is unknown.
    """

    salt: float = 0.08
    """Share of elements set to 0.98, in [0, 1]; `as_released` sets those whose normal draw is at most this."""
    pepper: float = 0.08
    """Share of elements set to 0.02, in [0, 1]; `as_released` sets those whose normal draw is at least 1 less this."""
    variant: Variant = "as_described"
    """Whether the draw is uniform, as the shares say, or normal, as in the released stage three."""

    def __post_init__(self) -> None:
        if not (self.salt >= 0 and self.pepper >= 0 and self.salt + self.pepper <= 1):
            raise ValueError(
                f"salt and pepper are shares of one whole, each at least 0 and together at most 1, "
                f"but found {self.salt} and {self.pepper}"
            )
        if self.variant not in get_args(Variant):
            raise ValueError(f"variant must be one of {get_args(Variant)}, but is {self.variant!r}")

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Refuse nothing: each element is on its own."""

    def apply(self, images: Tensor, draws: Draws) -> Tensor:
        """Corrupt a batch; see `Corruption.apply`."""
        sample = draws.uniform if self.variant == "as_described" else draws.normal
        pepper, salt = self._hit(sample(*images.shape[1:]))
        return images.clone().masked_fill_(pepper, PEPPER_VALUE).masked_fill_(salt, SALT_VALUE)

    def _hit(self, draw: Tensor) -> tuple[Tensor, Tensor]:
        """Return which elements become pepper and which salt, bool, of the draw's shape."""
        if self.variant == "as_described":
            return draw < self.pepper, draw >= 1 - self.salt
        return draw >= 1 - self.pepper, draw <= self.salt
