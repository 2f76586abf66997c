"""Bootstrap draws of runs that come in clusters."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray


def group_rows(clusters: Sequence[Hashable]) -> list[NDArray[np.int64]]:
    """Return the rows of each cluster, clusters in order of their first row."""
    rows: dict[Hashable, list[int]] = {}
    for row, cluster in enumerate(clusters):
        rows.setdefault(cluster, []).append(row)
    return [np.asarray(members, dtype=np.int64) for members in rows.values()]


def draw_rows(
    groups: Sequence[NDArray[np.int64]],
    *,
    resamples: int,
    keep_clusters: bool,
    generator: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Draw clusters with replacement, then rows with replacement within each drawn cluster.

    Args:
        groups: Rows of each of C clusters, at most M in one.
        resamples: Number of draws R.
        keep_clusters: Keep the clusters as they are and draw only the rows within.
        generator: Source of the draws.

    Returns:
        Rows, shape (R, C * M), and which of them count, the same shape: a smaller cluster fills less.
    """
    num_clusters, sizes = len(groups), np.asarray([len(group) for group in groups])
    padded = np.stack([np.resize(group, sizes.max()) for group in groups])
    drawn = np.broadcast_to(np.arange(num_clusters), (resamples, num_clusters))
    if not keep_clusters:
        drawn = generator.integers(num_clusters, size=(resamples, num_clusters))
    within = (generator.random((*drawn.shape, sizes.max())) * sizes[drawn][..., None]).astype(np.int64)
    counts = np.arange(sizes.max()) < sizes[drawn][..., None]
    return padded[drawn[..., None], within].reshape(resamples, -1), counts.reshape(resamples, -1)
