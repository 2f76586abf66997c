"""How far clusters agree with a labelling that they never saw."""

from __future__ import annotations

from detaux.core.checks import Labels
from detaux.metrics.inputs import check_labels
from detaux.metrics.registry import metrics


@metrics.register(
    "agreement",
    summary="NMI, ARI, homogeneity and completeness of clusters against reference labels",
    source="Strehl & Ghosh 2002; Hubert & Arabie 1985; Rosenberg & Hirschberg 2007; scikit-learn",
)
def agreement(clusters: Labels, reference: Labels, *, seed: int = 0) -> dict[str, float]:  # noqa: ARG001 - draws nothing
    """Compare clusters with reference labels, up to renaming.

    Noise (-1) counts as one more cluster. Where one side has a single value, the comparison follows
    scikit-learn: all scores are 1 if both have, homogeneity is 1 if the reference alone has.

    Args:
        clusters: Clusters, shape (N,), int.
        reference: Labels to compare with, shape (N,), int.
        seed: Without effect.

    Returns:
        `nmi` (normalised mutual information, arithmetic mean of entropies), `homogeneity` and `completeness`, all in
        [0, 1]; `ari` (adjusted Rand index), at most 1, about 0 by chance. Higher is better. NMI is not
        adjusted for chance: many small clusters raise it.

    Raises:
        TypeError: If an argument is no numpy array.
        ValueError: If shapes do not fit, or classes are no integers.
    """
    check_labels(clusters=clusters, reference=reference)
    from sklearn.metrics import adjusted_rand_score, homogeneity_completeness_v_measure

    homogeneity, completeness, nmi = homogeneity_completeness_v_measure(reference, clusters)
    return {
        "nmi": float(nmi),
        "ari": float(adjusted_rand_score(reference, clusters)),
        "homogeneity": float(homogeneity),
        "completeness": float(completeness),
    }
