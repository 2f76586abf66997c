"""The part of a network that belongs to one task."""

from __future__ import annotations

from torch import nn

_HIDDEN = 512
_DROPOUT = 0.1


def head(features: int, num_classes: int) -> nn.Sequential:
    """Return the classifier of one task: features (B, P), float, to logits (B, num_classes).

    Args:
        features: Number P of features that the backbone gives.
        num_classes: Classes of the task, at least 2.

    Raises:
        ValueError: If there are no features, or fewer than 2 classes.

    Source: Skenderi et al. 2025, arXiv:2310.09278, as their public code has it: dropout comes before the ReLU.
        Differs in: nothing.
    """
    if features < 1 or num_classes < 2:  # noqa: PLR2004 - one class leaves nothing to tell apart
        raise ValueError(
            f"a head needs features and at least 2 classes, but found {features} and {num_classes}"
        )
    return nn.Sequential(
        nn.Linear(features, _HIDDEN), nn.Dropout(_DROPOUT), nn.ReLU(), nn.Linear(_HIDDEN, num_classes)
    )
