"""The model of methods without a net: codes are linear in the pixels, and pixels in the codes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from detaux.disentangle.model import Disentangler, check_sizes


@dataclass(frozen=True, kw_only=True, slots=True)
class LinearArchitecture:
    """Sizes of a `LinearModel`.

    Raises:
        ValueError: If there are fewer than 2 subspaces.
    """

    image_shape: tuple[int, int, int]
    """(H, W, 3)."""
    subspaces: int
    """K, at least 2; each code is one number."""

    def __post_init__(self) -> None:
        check_sizes(self.subspaces, 1)

    @property
    def num_values(self) -> int:
        """P, the numbers in an image."""
        return math.prod(self.image_shape)

    def build(self) -> LinearModel:
        """Return a model whose maps are zero, to be filled."""
        return LinearModel(self)


class LinearModel(Disentangler):
    """Codes (x - mean) @ encoder, and images codes @ decoder + mean, in float32 whatever autocast says.

    Its maps are parameters that take no gradient, as all of a model's weights are looked for there.

    Args:
        architecture: Its sizes.
    """

    def __init__(self, architecture: LinearArchitecture) -> None:
        super().__init__()
        self.architecture: LinearArchitecture = architecture
        values, codes = architecture.num_values, architecture.subspaces
        self.mean = nn.Parameter(torch.zeros(values), requires_grad=False)
        self.encoder = nn.Parameter(torch.zeros(values, codes), requires_grad=False)
        self.decoder = nn.Parameter(torch.zeros(codes, values), requires_grad=False)

    def encode(self, images: Tensor) -> Tensor:
        """Return the codes (B, K, 1), float32, of images (B, 3, H, W), float in [0, 1]."""
        with torch.autocast(images.device.type, enabled=False):
            codes: Tensor = (images.flatten(1) - self.mean) @ self.encoder
        return codes[..., None]

    def decode(self, codes: Tensor) -> Tensor:
        """Return the images (B, 3, H, W), float32, not clamped, of codes (B, K, 1)."""
        height, width, channels = self.architecture.image_shape
        with torch.autocast(codes.device.type, enabled=False):
            images = torch.addmm(self.mean, codes[..., 0], self.decoder)
        return images.view(-1, channels, height, width)

    def put_first(self, subspace: int) -> None:
        """Exchange subspace 0 with another."""
        order = torch.arange(self.architecture.subspaces, device=self.mean.device)
        order[0], order[subspace] = subspace, 0
        self.encoder.copy_(self.encoder[:, order])
        self.decoder.copy_(self.decoder[order])
