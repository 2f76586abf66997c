"""Clustering the codes of one subspace, however many there are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, check_rank
from detaux.core.seeding import derive_seed
from detaux.discover.base import NOISE, Clustering, Clusters


@dataclass(frozen=True, kw_only=True, slots=True)
class Clustered:
    """Codes of one subspace with their clusters."""

    clusters: Clusters
    """The fitted clusters, for labelling further codes."""
    labels: NDArray[np.int64]
    """Cluster of each code, shape (N,), -1 where noise."""

    @property
    def noise_share(self) -> float:
        """Share of codes that belong to no cluster, in [0, 1]."""
        return float(np.mean(self.labels == NOISE))


def cluster_codes(codes: Codes, clustering: Clustering, *, max_fit: int, seed: int) -> Clustered:
    """Fit clusters to at most `max_fit` codes, drawn at random, and label all of them.

    Args:
        codes: Codes of one subspace, shape (N, D), float.
        clustering: How to cluster.
        max_fit: Most codes to fit; fitted codes keep the label of the fit, others get a predicted one.
        seed: Seed of the draw and of the clustering.

    Raises:
        ValueError: If `codes` has not 2 axes, or `max_fit` is below 1.
    """
    check_rank("codes", codes, 2)
    if max_fit < 1:
        raise ValueError(f"max_fit must be at least 1, but found {max_fit}")
    fitted = _subsample(len(codes), max_fit, seed)
    clusters = clustering.fit(codes[fitted], seed=derive_seed("discover", "clustering", seed))
    labels = np.empty(len(codes), dtype=np.int64)
    labels[fitted] = clusters.labels
    rest = np.delete(np.arange(len(codes)), fitted)
    labels[rest] = clusters.predict(codes[rest])
    return Clustered(clusters=clusters, labels=labels)


def _subsample(count: int, max_fit: int, seed: int) -> NDArray[np.int64]:
    if count <= max_fit:
        return np.arange(count)
    generator = np.random.default_rng(derive_seed("discover", "subsample", seed))
    return np.sort(generator.choice(count, max_fit, replace=False))
