"""Gaussian noise."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from detaux.data.draws import Draws
from detaux.data.registries import corruptions


@corruptions.register(
    "gaussian",
    summary="normal noise added to every element",
    source="Hendrycks and Dietterich 2019, arXiv:1903.12261, section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Gaussian:
    """Adds normal noise to each element, one channel of one pixel, and clamps the sum to [0, 1].

    Source: Hendrycks and Dietterich 2019, arXiv:1903.12261, section 3, the Gaussian noise of ImageNet-C.
    Differs in: one chosen strength instead of five fixed ones, drawn while training too.

    Raises:
        ValueError: If sigma lies outside [0, 1].
    """

    sigma: float = 0.1
    """Standard deviation before clamping, in units of [0, 1] intensities, in [0, 1]."""

    def __post_init__(self) -> None:
        if not 0 <= self.sigma <= 1:
            raise ValueError(f"sigma must lie in [0, 1], but is {self.sigma}")

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Refuse nothing: each element is on its own."""

    def apply(self, images: Tensor, draws: Draws) -> Tensor:
        """Corrupt a batch; see `Corruption.apply`."""
        return images.clone().add_(draws.normal(*images.shape[1:]), alpha=self.sigma).clamp_(0, 1)
