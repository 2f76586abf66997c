"""k-means partitions of codes, and the number of clusters that suits them best by the silhouette."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes

_SKLEARN_SEEDS = 2**32


@dataclass(frozen=True, kw_only=True, slots=True)
class Partition:
    """The number of clusters that codes fall into best."""

    num_clusters: int
    """How many; 1 where codes fall into none."""
    silhouette: float
    """Mean silhouette of that many clusters, in [-1, 1]; minus infinity where there are none."""


def best_partition(codes: Codes, numbers: Iterable[int], *, num_starts: int, seed: int) -> Partition:
    """Return the number of k-means clusters with the best mean silhouette.

    Args:
        codes: Shape (N, D); time grows with N squared.
        numbers: Numbers of clusters to try; those of N and above are left out.
        num_starts: Starts of k-means, of which the best counts.
        seed: Seed of k-means.

    Source: Rousseeuw 1987, J. Comput. Appl. Math. 20; scikit-learn.
    """
    tried = [
        Partition(num_clusters=number, silhouette=_silhouette(codes, number, num_starts, seed))
        for number in numbers
        if number < len(codes)
    ]
    nothing = Partition(num_clusters=1, silhouette=-np.inf)
    return max(tried, key=lambda partition: partition.silhouette, default=nothing)


def fit_means(codes: Codes, number: int, *, num_starts: int, seed: int) -> Any:
    """Return scikit-learn's `KMeans` fitted to codes (N, D); fewer distinct codes give fewer clusters, unwarned."""
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    model = KMeans(min(number, len(codes)), n_init=num_starts, random_state=seed % _SKLEARN_SEEDS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(codes)


def _silhouette(codes: Codes, number: int, num_starts: int, seed: int) -> float:
    from sklearn.metrics import silhouette_score

    labels: NDArray[np.int32] = fit_means(codes, number, num_starts=num_starts, seed=seed).labels_
    return float(silhouette_score(codes, labels)) if len(np.unique(labels)) == number else -np.inf
