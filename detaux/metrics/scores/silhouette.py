"""How well clusters are set apart, without any label."""

from __future__ import annotations

import numpy as np

from detaux.core.checks import Codes, Labels, check_rank, check_same_length
from detaux.metrics.inputs import check_classes, check_codes, draw
from detaux.metrics.registry import metrics

_MAX_SAMPLES = 5_000
_NOISE = -1


@metrics.register(
    "silhouette",
    summary="mean silhouette of clusters, noise left out",
    source="Rousseeuw 1987, J. Comput. Appl. Math. 20; scikit-learn",
)
def silhouette(codes: Codes, clusters: Labels, *, seed: int = 0) -> dict[str, float]:
    """Measure how much nearer each code is to its own cluster than to the next.

    Estimator: mean over at most 5,000 clustered codes, Euclidean; the mean over N codes of s.d. at most 1 has a
    standard error of at most 0.015.

    Args:
        codes: Codes of one subspace, shape (N, D), float, finite.
        clusters: Clusters, shape (N,), int, -1 where noise; noise is left out.
        seed: Seed of the sample.

    Returns:
        `silhouette` in [-1, 1], higher is better; nothing where fewer than two clusters, or only clusters of one
        code, are in the sample.

    Raises:
        TypeError: If an argument is no numpy array.
        ValueError: If shapes do not fit, clusters are no integers, or codes are refused by `check_codes`.
    """
    check_codes(codes)
    check_classes("clusters", clusters)
    check_rank("codes", codes, 2)
    check_rank("clusters", clusters, 1)
    check_same_length(codes=codes, clusters=clusters)
    from sklearn.metrics import silhouette_score

    clustered = np.flatnonzero(clusters != _NOISE)
    sample = clustered[draw(len(clustered), _MAX_SAMPLES, metric="silhouette", seed=seed)]
    if not 1 < len(np.unique(clusters[sample])) < len(sample):
        return {}
    return {"silhouette": float(silhouette_score(codes[sample], clusters[sample]))}
