"""Experts on features, and their mixture."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from detaux.core.bounds import check_range

_MOST_EXPERTS, _MOST_WIDTH = 256, 65_536


def expert(num_features: int, width: int) -> nn.Sequential:
    """Return an expert: features (B, P) to features (B, width), not negative."""
    return nn.Sequential(nn.Linear(num_features, width), nn.ReLU())


def mix(logits: Tensor, answers: Sequence[Tensor]) -> Tensor:
    """Return the mean (B, P) of the experts' answers, E times (B, P), weighted by the softmax of logits (B, E)."""
    return torch.einsum("be,ebp->bp", logits.softmax(dim=1), torch.stack(list(answers)))


def check_experts(name: str, count: int) -> None:
    """Check a number of experts.

    Raises:
        ValueError: If it is below 1 or above 256.
    """
    check_range(name, count, 1, _MOST_EXPERTS)


def check_width(width: int) -> None:
    """Check the width of a layer.

    Raises:
        ValueError: If it is below 1 or above 65,536.
    """
    check_range("width", width, 1, _MOST_WIDTH)
