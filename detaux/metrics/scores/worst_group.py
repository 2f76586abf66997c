"""Share of right predictions in the group that is served worst."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Labels, check_rank, check_same_length
from detaux.metrics.inputs import check_classes, check_labels
from detaux.metrics.registry import metrics


@metrics.register(
    "worst_group",
    summary="share of right predictions in the worst of declared groups",
    source="Sagawa et al. 2020, arXiv:1911.08731, section 1; groups as Koh et al. 2021 (WILDS), arXiv:2012.07421",
)
def worst_group(predictions: Labels, labels_and_groups: Labels, *, seed: int = 0) -> dict[str, float]:  # noqa: ARG001 - draws nothing
    """Return the least accuracy of any group.

    A group is the images of one class and of one value of one group factor: class and background make the four
    groups of Waterbirds, class and each mention of an identity the sixteen of CivilComments.

    Args:
        predictions: Predicted classes, shape (N,), int.
        labels_and_groups: Shape (N, 1 + G), int: true classes, then for each of G group factors its value, or a
            negative number for an image that is in no group of it.
        seed: Without effect.

    Returns:
        `worst_group_accuracy` in [0, 1], higher is better; `worst_group_size`, of how many images; `num_groups`, how
        many groups have images. Nothing without groups. Of several groups of the same accuracy, the largest counts.

    Raises:
        TypeError: If an argument is no numpy array.
        ValueError: If shapes do not fit, or classes or groups are no integers.
    """
    check_classes("labels_and_groups", labels_and_groups)
    check_rank("labels_and_groups", labels_and_groups, 2)
    check_same_length(predictions=predictions, labels_and_groups=labels_and_groups)
    labels, *columns = labels_and_groups.T
    check_labels(predictions=predictions, labels=labels)
    found = [_groups(predictions == labels, labels, column) for column in columns]
    right, size = np.concatenate([np.empty((2, 0), np.int64), *found], axis=1)
    if not len(size):
        return {}
    worst = np.lexsort((-size, right / size))[0]
    return {
        "worst_group_accuracy": float(right[worst] / size[worst]),
        "worst_group_size": float(size[worst]),
        "num_groups": float(len(size)),
    }


def _groups(is_right: NDArray[np.bool_], labels: Labels, values: Labels) -> NDArray[np.int64]:
    """Count right predictions and images of each group of one factor that has any, shape (2, groups)."""
    member = values >= 0
    pairs = np.stack([labels[member], values[member]], axis=1)
    _, group = np.unique(pairs, axis=0, return_inverse=True)
    group = group.reshape(-1)
    return np.stack(
        [np.bincount(group[is_right[member]], minlength=group.max(initial=-1) + 1), np.bincount(group)]
    )
