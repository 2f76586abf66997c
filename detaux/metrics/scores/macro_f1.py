"""F1 score of each class, averaged with equal weight."""

from __future__ import annotations

import numpy as np

from detaux.core.checks import Labels
from detaux.metrics.inputs import check_labels
from detaux.metrics.registry import metrics


@metrics.register(
    "macro_f1", summary="F1 score averaged over classes", source="textbook; as scikit-learn's macro average"
)
def macro_f1(predictions: Labels, labels: Labels, *, seed: int = 0) -> dict[str, float]:  # noqa: ARG001 - draws nothing
    """Return the mean over classes of the harmonic mean of precision and recall.

    Classes are those that occur in the labels or the predictions; one never predicted rightly counts 0.

    Args:
        predictions: Predicted classes, shape (N,), int.
        labels: True classes, shape (N,), int.
        seed: Without effect.

    Returns:
        `macro_f1` in [0, 1], higher is better.

    Raises:
        TypeError: If an argument is no numpy array.
        ValueError: If shapes do not fit, or classes are no integers.
    """
    check_labels(predictions=predictions, labels=labels)
    classes, index = np.unique(np.concatenate([predictions, labels]), return_inverse=True)
    predicted, true = np.split(index, 2)
    right = np.bincount(true[predicted == true], minlength=len(classes))
    return {"macro_f1": float(np.mean(2 * right / np.bincount(index)))}
