"""Random numbers that belong to an image: a function of seed, image and occasion, the same on every device.

No generator has a state to carry: an image has the same noise in whatever batch it stands, read from memory or from a
file. torch has such draws since 2.14, but as an experiment; here they are a counter put through an integer hash.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

_GOLDEN = -7046029254386353131
_CACHED_NUMBERS = 1 << 17


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Random numbers for a batch of images; asked again, it gives the same numbers again."""

    keys: Tensor
    """What each image's numbers depend on, shape (B, 2), int32, on the device where numbers are wanted."""

    def uniform(self, *shape: int) -> Tensor:
        """Return numbers of [0, 1), multiples of 2**-24, shape (B, *shape), float32, on the keys' device."""
        counters = _mixed(torch.arange(math.prod(shape), dtype=torch.int32, device=self.keys.device))
        numbers = [_uniform(keys, counters) for keys in torch.split(self.keys, self._piece(len(counters)))]
        return torch.cat(numbers).view(len(self.keys), *shape)

    def normal(self, *shape: int) -> Tensor:
        """Return standard normal numbers, at most 5.4 from 0, shape (B, *shape), float32, on the keys' device."""
        centred = self.uniform(*shape).mul_(2).add_(2**-24 - 1)
        return centred.erfinv_().mul_(math.sqrt(2))

    def _piece(self, count: int) -> int:
        """Return for how many images numbers are drawn at once: on a CPU no more than its cache holds."""
        if self.keys.device.type != "cpu":
            return max(1, len(self.keys))
        return max(1, _CACHED_NUMBERS // max(1, count))


def image_draws(images: Tensor, occasions: Tensor | int, *, seed: int) -> Draws:
    """Return the draws of images on occasions.

    Args:
        images: Which images of the data set, shape (B,), long, on the device where numbers are wanted.
        occasions: Of each image, shape (B,), long, on any device, or of all: the epoch, or the number of the draw.
        seed: In [-2**63, 2**63).
    """
    if isinstance(occasions, Tensor):
        occasions = occasions.to(images.device)
    keys = _mixed_long(_mixed_long(_mixed_long(images + _GOLDEN).add_(seed)).add_(occasions))
    return Draws(keys[:, None].view(torch.int32))


def _uniform(keys: Tensor, counters: Tensor) -> Tensor:
    """Return numbers of [0, 1), shape (b, C), float32, for keys (b, 2) and scrambled counters (C,), both int32."""
    start, factor = keys.unbind(1)
    bits = _mixed(torch.addcmul(start[:, None], counters, factor[:, None] | 1))
    return _shifted(bits, 8, width=32).to(torch.float32).mul_(2**-24)


def _mixed(values: Tensor) -> Tensor:
    """Scramble 32-bit integers one to one, in place: lowbias32 (Wellons 2018, github.com/skeeto/hash-prospector)."""
    for shift, factor in ((16, 0x7FEB352D), (15, -0x7B935975)):
        values.bitwise_xor_(_shifted(values, shift, width=32)).mul_(factor)
    return values.bitwise_xor_(_shifted(values, 16, width=32))


def _mixed_long(values: Tensor) -> Tensor:
    """Scramble 64-bit integers one to one, in place: the finaliser of splitmix64 (Steele et al. 2014)."""
    for shift, factor in ((30, -0x40A7B892E31B1A47), (27, -0x6B2FB644ECCEEE15)):
        values.bitwise_xor_(_shifted(values, shift, width=64)).mul_(factor)
    return values.bitwise_xor_(_shifted(values, 31, width=64))


def _shifted(values: Tensor, shift: int, *, width: int) -> Tensor:
    """Shift integers of so many bits to the right and fill with zeros, where torch fills with the sign."""
    return (values >> shift).bitwise_and_((1 << (width - shift)) - 1)
