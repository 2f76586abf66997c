"""k-means: round clusters, as many as told or as the silhouette likes, and no noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detaux.core.checks import Codes, check_rank
from detaux.core.seeding import derive_seed
from detaux.discover.base import Clustering, Clusters
from detaux.discover.partitions import best_partition, fit_means
from detaux.discover.registries import clusterings


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
        model = fit_means(codes, wanted, num_starts=self.num_starts, seed=seed)
        return Clusters(model.labels_.astype(np.int64), model.predict)

    def _best_number(self, codes: Codes, seed: int) -> int:
        generator = np.random.default_rng(derive_seed("kmeans", "silhouette", seed))
        sample = generator.choice(codes, min(self.silhouette_samples, len(codes)), replace=False)
        numbers = range(2, self.max_clusters + 1)
        return best_partition(sample, numbers, num_starts=self.num_starts, seed=seed).num_clusters
