"""k-means: round clusters, as many as told or as the silhouette likes, and no noise."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, check_rank
from detaux.core.seeding import derive_seed
from detaux.discover.base import Clustering, Clusters
from detaux.discover.registries import clusterings

_SKLEARN_SEEDS = 2**32


@clusterings.register(
    "kmeans",
    summary="round clusters without noise; their number given, or chosen by the silhouette",
    source="Lloyd 1982; Arthur & Vassilvitskii 2007; Rousseeuw 1987 (silhouette); scikit-learn",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Kmeans(Clustering):
    """Cluster around means.

    Without `num_clusters`, each number from 2 to `max_clusters` is tried on `silhouette_samples` codes, and the
    one of the best mean silhouette is fitted to all. No label has a part in it.

    Source: Lloyd 1982, with k-means++ starts (Arthur & Vassilvitskii 2007); Rousseeuw 1987 for the silhouette.
    Differs in: the number is chosen on a sample.
    """

    num_clusters: int | None = None
    """How many clusters, at least 2. None: chosen by the silhouette."""
    max_clusters: int = 20
    """Most clusters to try where the number is not given, at least 2."""
    num_starts: int = 10
    """Starts, of which the one of least inertia is kept, at least 1."""
    silhouette_samples: int = 2_000
    """Codes on which numbers of clusters are compared; time grows with its square."""

    def __post_init__(self) -> None:
        least = {"num_clusters": 2, "max_clusters": 2, "num_starts": 1, "silhouette_samples": 3}
        for name, low in least.items():
            value = getattr(self, name)
            if value is not None and value < low:
                raise ValueError(f"{name} must be at least {low}, but found {value}")

    def fit(self, codes: Codes, *, seed: int) -> Clusters:
        """Find clusters; see `Clustering.fit`. Codes of fewer distinct values give fewer clusters than asked."""
        check_rank("codes", codes, 2)
        wanted = self.num_clusters or self._best_number(codes, seed)
        model = self._model(codes, wanted, seed)
        return Clusters(model.labels_.astype(np.int64), model.predict)

    def _best_number(self, codes: Codes, seed: int) -> int:
        generator = np.random.default_rng(derive_seed("kmeans", "silhouette", seed))
        sample = generator.choice(codes, min(self.silhouette_samples, len(codes)), replace=False)
        numbers = range(2, min(self.max_clusters, len(sample) - 1) + 1)
        return max(numbers, key=lambda number: self._silhouette(sample, number, seed), default=1)

    def _silhouette(self, sample: Codes, number: int, seed: int) -> float:
        from sklearn.metrics import silhouette_score

        labels: NDArray[np.int32] = self._model(sample, number, seed).labels_
        return float(silhouette_score(sample, labels)) if len(np.unique(labels)) == number else -np.inf

    def _model(self, codes: Codes, number: int, seed: int) -> Any:
        from sklearn.cluster import KMeans
        from sklearn.exceptions import ConvergenceWarning

        number = min(number, len(codes))
        model = KMeans(number, n_init=self.num_starts, random_state=seed % _SKLEARN_SEEDS)
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", ConvergenceWarning
            )  # fewer distinct codes than clusters: seen in labels
            return model.fit(codes)
