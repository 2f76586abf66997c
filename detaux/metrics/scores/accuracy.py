"""Share of right predictions."""

from __future__ import annotations

import numpy as np

from detaux.core.checks import Labels
from detaux.metrics.inputs import check_labels
from detaux.metrics.registry import metrics


@metrics.register("accuracy", summary="share of right predictions", source="textbook")
def accuracy(predictions: Labels, labels: Labels, *, seed: int = 0) -> dict[str, float]:  # noqa: ARG001 - draws nothing
    """Return the share of predictions that are right.

    Args:
        predictions: Predicted classes, shape (N,), int.
        labels: True classes, shape (N,), int.
        seed: Without effect.

    Returns:
        `accuracy` in [0, 1], higher is better.

    Raises:
        TypeError: If an argument is no numpy array.
        ValueError: If shapes do not fit, or classes are no integers.
    """
    check_labels(predictions=predictions, labels=labels)
    return {"accuracy": float(np.mean(predictions == labels))}
