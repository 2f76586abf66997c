"""Mutual information between pairs of coordinates and between pairs of subspaces, without any label.

Source: Kullback 1959, "Information Theory and Statistics"; Hotelling 1936, Biometrika 28, for canonical correlations.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes
from detaux.metrics.correlations import correlations
from detaux.metrics.forms import forms
from detaux.metrics.inputs import draw, warn_below
from detaux.metrics.label_free import check_codes_alone
from detaux.metrics.registry import metrics

_MAX_SAMPLES = 10_000
_FLOOR, _PER_ENTRY = 1_000, 10  # samples; samples an entry of the covariance of two subspaces
_NOISE = 1e-6


@metrics.register(
    "subspace_information",
    summary="Gaussian mutual information of pairs in nats, mean and largest, of coordinates and of subspace blocks",
    source="Kullback 1959; Hotelling 1936; this project",
)
def subspace_information(codes: Codes, *, seed: int = 0) -> dict[str, float]:
    """Measure how much two coordinates, or two subspaces, tell of each other, were they Gaussian.

    The information of a pair is -1/2 sum log(1 - r^2) over its canonical correlations r; those of two coordinates
    are their correlation. Turning, rescaling or shearing a subspace changes nothing in the block form, and at D = 1
    it is the scalar form. It sees linear relations only: 0 does not mean independent. All axes of a subspace count
    alike, whatever their variance, down to 1e-9 of the largest; a subspace that does not vary tells nothing.

    Copies tell infinitely much of each other. So that scores stay finite, every principal axis of a subspace is taken
    to hold noise of 1e-6 of its variance: a copied coordinate counts 6.56 nats, a copied subspace as much an axis.

    Estimator: plug-in covariance of at most 10,000 samples. Bias: of two independent subspaces D^2 / 2N nats, the
    largest of all pairs more. Measured over 20 seeds (mean, and s.d. of one), of Gaussian codes:

    ====================================== ============ ============ ============ ============ ============
    N                                      500          1,000        2,000        5,000        10,000
    10 independent coordinates: 0          .0010, .0002 .0005, .0001 .0002, .0001 .0001, .0000 .0000, .0000
    largest of their pairs: 0              .006, .002   .003, .001   .002, .001   .0007, .0002 .0003, .0001
    10, all correlate 0.5: 0.1438          .143, .011   .141, .007   .143, .006   .145, .003   .144, .003
    largest of their pairs: 0.1438         .184, .014   .174, .008   .166, .007   .157, .004   .153, .004
    10 x 10 independent, blocks: 0         .102, .003   .051, .001   .025, .0004  .010, .0002  .005, .0001
    largest of their pairs: 0              .136, .010   .068, .003   .033, .002   .014, .001   .007, .0004
    10 x 10 correlate 0.5, blocks: 0.8756  .975, .030   .925, .019   .901, .011   .889, .005   .882, .004
    ====================================== ============ ============ ============ ============ ============

    Args:
        codes: Codes, shape (N, D) or (N, K, D), float, finite, any scale from 1e-100 to 1e100.
        seed: Seed of the sample where N is above 10,000.

    Returns:
        `subspace_information.mean` and `subspace_information.largest` over pairs of coordinates, in nats, at least 0,
        lower is less dependent; the same of pairs of subspaces as `subspace_information.block.mean` and
        `subspace_information.block.largest` where codes have K axes. Absent where there is only one to pair.

    Raises:
        TypeError: If codes are no numpy array.
        ValueError: If codes are refused by `check_codes_alone`.

    Warns:
        TooFewSamplesWarning: Under 1,000 samples, or under 10 D^2, where the bias of a pair passes 0.05 nats.

    Source: Kullback 1959; Hotelling 1936. Differs from disentanglement_lib's `mutual_info_score` in:
    Gaussian form in place of counts over 20 bins, which have no form of subspaces.
    """
    check_codes_alone(codes)
    sample = codes[draw(len(codes), _MAX_SAMPLES, metric="subspace_information", seed=seed)]
    size = codes.shape[2] if codes.ndim == 3 else 1  # noqa: PLR2004 - N, K, D
    warn_below(max(_FLOOR, _PER_ENTRY * size**2), len(sample), metric="subspace_information")
    scores: dict[str, float] = {}
    for name, blocks in forms("subspace_information", sample).items():
        if blocks.shape[1] > 1:
            pairs = _of_pairs(blocks)
            scores |= {f"{name}.mean": float(pairs.mean()), f"{name}.largest": float(pairs.max())}
    return scores


def _of_pairs(codes: Codes) -> NDArray[np.float64]:
    """Return the information between subspaces (N, K, D), from their canonical correlations, shape (pairs,)."""
    num_blocks, size = codes.shape[1:]
    parts = correlations(codes, noise=_NOISE).reshape(num_blocks, size, num_blocks, size).swapaxes(1, 2)
    canonical = np.linalg.svd(parts[np.triu_indices(num_blocks, 1)], compute_uv=False)
    return np.asarray(0.5 * np.sum(-np.log1p(-(canonical**2)), axis=1))
