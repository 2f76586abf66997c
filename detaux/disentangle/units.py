"""In which units the loss terms see the codes: as they are, or relative to each subspace's own spread."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from detaux.disentangle import losses

_FLOOR = 0.03
_SMOOTHING = 1e-4


@dataclass(frozen=True, slots=True)
class Units:
    """Codes of a batch of B pairs, and the changes within pairs, in the units that the terms are computed in."""

    codes: Tensor
    """Shape (2B, K, D)."""
    scale: Tensor
    """What codes were divided by, broadcasts to (2B, K, D)."""
    change: Tensor
    """Squared change of each pair, shape (B, K)."""
    reached: Tensor
    """What the margin is held against: squared change, or change, in units common to all subspaces, shape (B, K)."""
    compared: Tensor
    """The same as the oracle compares it between subspaces, shape (B, K), without gradient."""


def raw_units(codes: Tensor) -> Units:
    """Leave codes (2B, K, D) as they are.

    Source: Skenderi et al. 2025 (Detaux), public code.
    """
    change = losses.squared_change(codes)
    compared = losses.normalised_change(change, codes)
    return Units(codes, torch.ones_like(codes[:1, :1, :1]), change, change, compared)


def own_units(codes: Tensor) -> Units:
    """Centre codes (2B, K, D) over the batch and divide each subspace's by its standard deviation; gradients pass.

    A floor of 3 % of the mean variance keeps a subspace that falls silent from being blown up. Changes are means over
    the D coordinates, so that weights suit any D. `reached` is in units of the subspaces' mean variance, so that a
    subspace cannot reach the margin by its units alone; and it is a distance, not a squared one, whose gradient would
    vanish between codes that coincide.

    Source: ours.
    """
    centred = codes - codes.mean(0, keepdim=True)
    variance = centred.square().mean((0, 2), keepdim=True)
    mean_variance = variance.mean()
    floored = variance + _FLOOR * mean_variance
    scale = floored.sqrt()
    measured = centred / scale
    total = losses.squared_change(measured)
    change = total / codes.shape[-1]
    reached = (change * (floored / mean_variance).flatten() + _SMOOTHING).sqrt()
    return Units(measured, scale, change, reached, losses.relative_change(total, measured))
