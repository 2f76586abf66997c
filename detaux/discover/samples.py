"""Which images to show of each class in a picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.seeding import derive_seed
from detaux.discover.base import NOISE


def pick_samples(labels: NDArray[np.int64], *, per_cluster: int, seed: int) -> dict[int, NDArray[np.int64]]:
    """Draw a few images of each cluster or class, without replacement.

    What is drawn of one class does not depend on how many other classes there are.

    Args:
        labels: Clusters or classes, shape (N,); images of label -1 are never drawn.
        per_cluster: Most images of each; a smaller class gives all it has.
        seed: Seed of the draw.

    Returns:
        Ascending positions into `labels` for each label present, by ascending label.

    Raises:
        ValueError: If `per_cluster` is below 1.
    """
    if per_cluster < 1:
        raise ValueError(f"per_cluster must be at least 1, but found {per_cluster}")
    present = [int(label) for label in np.unique(labels) if label != NOISE]
    return {label: _draw(np.flatnonzero(labels == label), per_cluster, label, seed) for label in present}


def _draw(members: NDArray[np.int64], count: int, label: int, seed: int) -> NDArray[np.int64]:
    generator = np.random.default_rng(derive_seed("discover", "samples", seed, label))
    return np.sort(generator.choice(members, min(count, len(members)), replace=False))
