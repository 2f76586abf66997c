"""Images shifted and scaled to what a network expects."""

from __future__ import annotations

from torch import Tensor, nn, tensor

IMAGENET_MEAN = (0.485, 0.456, 0.406)
"""Mean of ImageNet's red, green and blue, in [0, 1]; torchvision's weights were trained with it."""
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
"""Standard deviation of the same."""


class Standardize(nn.Module):
    """Subtract a mean and divide by a deviation, channel by channel.

    Args:
        mean: Of each channel, in [0, 1].
        deviation: Of each channel, above 0.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, mean: tuple[float, ...], deviation: tuple[float, ...]) -> None:
        super().__init__()
        self.register_buffer("mean", tensor(mean)[:, None, None], persistent=False)
        self.register_buffer("deviation", tensor(deviation)[:, None, None], persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        """Return images (B, C, H, W) of the same shape, about zero mean and unit variance."""
        return (images - self.mean) / self.deviation
