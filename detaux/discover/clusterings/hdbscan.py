"""HDBSCAN: clusters of any shape and number, and noise between them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, check_rank
from detaux.discover.base import Clustering, Clusters
from detaux.discover.registries import clusterings

_PREDICT_AT_ONCE = 10_000  # the library holds 2 * min_samples neighbours of each in memory


@clusterings.register(
    "hdbscan",
    summary="density clusters of any shape and number, with noise; new images by approximate prediction",
    source="Campello et al. 2013; McInnes et al. 2017, package hdbscan",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Hdbscan(Clustering):
    """Cluster by density, as the paper does.

    It draws nothing at random: the seed has no effect. Under twice `min_cluster_size` (or twice `min_samples`)
    codes there cannot be two clusters, and all are noise; so they are if all codes are equal (the library
    would make clusters of them).

    Source: Campello et al. 2013 (PAKDD), McInnes et al. 2017 (JOSS 2(11):205); excess of mass, Euclidean. Differs
    in: nothing; in Skenderi et al. 2025, arXiv:2310.09278, the size is 200 for 3D Shapes and Cars, 15 for FACES.
    """

    min_cluster_size: int = 200
    """Least number of images in a cluster, at least 2."""
    min_samples: int | None = None
    """Neighbours that make a place dense, at least 1; more make more noise. None: as `min_cluster_size`."""

    def __post_init__(self) -> None:
        if self.min_cluster_size < 2:  # noqa: PLR2004 - the library's own limit
            raise ValueError(f"min_cluster_size must be at least 2, but found {self.min_cluster_size}")
        if self.min_samples is not None and self.min_samples < 1:
            raise ValueError(f"min_samples must be at least 1, but found {self.min_samples}")

    def fit(self, codes: Codes, *, seed: int) -> Clusters:  # noqa: ARG002 - draws nothing
        """Find clusters; see `Clustering.fit`."""
        check_rank("codes", codes, 2)
        too_few = len(codes) < 2 * max(self.min_cluster_size, self.min_samples or 1)
        if too_few or (codes == codes[0]).all():
            return Clusters.none(len(codes))
        with _quiet():
            from hdbscan import HDBSCAN

            model = HDBSCAN(
                min_cluster_size=self.min_cluster_size,
                min_samples=self.min_samples,
                prediction_data=True,
                core_dist_n_jobs=1,
            ).fit(codes.astype(np.float64))
        return Clusters(model.labels_.astype(np.int64), partial(_predict, model))


def _predict(model: Any, codes: Codes) -> NDArray[np.int64]:
    from hdbscan import approximate_predict

    labels = np.empty(len(codes), dtype=np.int64)
    for start in range(0, len(codes), _PREDICT_AT_ONCE):
        part = slice(start, start + _PREDICT_AT_ONCE)
        with _quiet():
            labels[part] = approximate_predict(model, codes[part].astype(np.float64))[0]
    return labels


def _quiet() -> warnings.catch_warnings[None]:
    """Keep the library's warnings (of its imports, and of divisions by zero distance) to itself."""
    return warnings.catch_warnings(action="ignore")
