"""How nearly orthogonal subspaces are as directions of the space that they are summed in, without any label.

Source: Skenderi et al. 2025, "Disentangled Latent Spaces Facilitate Data-Driven Auxiliary Learning",
arXiv:2310.09278, Section 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes
from detaux.metrics.inputs import draw, warn_below
from detaux.metrics.label_free import check_codes_alone
from detaux.metrics.registry import metrics

_MAX_SAMPLES = 10_000
_FLOOR = 500
_ROUNDING = 1e-12  # of the largest value: a shorter mean is none


@metrics.register(
    "orthogonality",
    summary="mean |cosine| of pairs of subspaces (0: orthogonal): of their means, of each image, of dot products",
    source="Skenderi et al. 2025, arXiv:2310.09278, Section 3, over all pairs and free of scale",
)
def orthogonality(codes: Codes, *, seed: int = 0) -> dict[str, float]:
    """Measure the angles between subspaces that stage two chooses its auxiliary subspace by.

    Subspaces are summed before they are decoded, so they share a frame, and two of them may point the same way in it.
    The paper's rule looks at |mean_n <s_i(x_n), s_j(x_n)>|. Here are, as means over all pairs of subspaces:

    - `cosine_of_means`: |cosine| of their means over images;
    - `mean_cosine`: |mean over images of their cosine|, what the criterion `cosine` looks at;
    - `mean_dot`: |mean over images of their dot product|, over the root of the product of their mean squared lengths:
      the paper's rule, free of scale. The mean dot product is that of the means plus the trace of the covariance.

    What they say: near 0, two subspaces point at right angles in the space that they are summed in, at least on the
    mean: images whose cosines have opposite signs cancel. What they do not say: anything of dependence. Subspaces that
    hold the same factor may be orthogonal (as they are where each uses coordinates of its own), independent ones
    parallel (as they are where each has a large mean along one direction).

    The frame counts: turning one subspace in itself, or moving it, changes the score, unlike the block forms of other
    metrics; turning all subspaces alike, rescaling or reordering them does not. The angle of means that are 0 but for
    sampling is that of random directions: 0.25 at D = 10, whatever N (measured, s.d. 0.03).

    Estimator: plug-in means of at most 10,000 samples. Measured over 20 seeds on 10 x 10 Gaussian codes of unit
    variance and normal means, N = 500, 1,000, 2,000, 5,000, 10,000: `cosine_of_means` 0.273 at all, s.d. .003, .003,
    .002, .001, .001; `mean_cosine` 0.114, 0.115 at 500, s.d. .002, .001, .001, .001, .0004; `mean_dot` within 0.001
    of that. Without means both are .012, .008, .006, .004, .003: their bias, 0.8 / sqrt(N D).

    Args:
        codes: Codes, shape (N, K, D), float, finite; (N, D) are taken, and have no score.
        seed: Seed of the sample where N is above 10,000.

    Returns:
        `orthogonality.block.cosine_of_means`, `orthogonality.block.mean_cosine` and `orthogonality.block.mean_dot`, in
        [0, 1], 0 is orthogonal. A subspace that is 0, or of mean 0, has no direction, and its pairs are left out; a
        score without pairs is absent. So are all at D = 1, where all directions are parallel, and of codes (N, D).

    Raises:
        TypeError: If codes are no numpy array.
        ValueError: If codes are refused by `check_codes_alone`.

    Warns:
        TooFewSamplesWarning: Under 500 samples, where the bias of what has no mean passes 0.012 at D = 10.

    Source: Skenderi et al. 2025, arXiv:2310.09278, Section 3. Differs in: over all pairs instead of those with the
    principal subspace; free of scale, so that a subspace that shrank is not taken for orthogonal.
    """
    check_codes_alone(codes)
    if codes.ndim != 3 or codes.shape[2] == 1:  # noqa: PLR2004 - N, K, D
        return {}
    sample = codes[draw(len(codes), _MAX_SAMPLES, metric="orthogonality", seed=seed)]
    warn_below(_FLOOR, len(sample), metric="orthogonality")
    blocks = _scaled(sample)
    means = blocks.mean(axis=1)
    lengths = np.linalg.norm(blocks, axis=2, keepdims=True)
    vectors = {
        "cosine_of_means": np.where(np.abs(means).max(axis=1, keepdims=True) > _ROUNDING, means, 0),
        "mean_cosine": (blocks / np.where(lengths > 0, lengths, 1)).reshape(len(blocks), -1),
        "mean_dot": blocks.reshape(len(blocks), -1),
    }
    cosines = {name: _cosines_of_pairs(rows) for name, rows in vectors.items()}
    return {f"orthogonality.block.{name}": float(of.mean()) for name, of in cosines.items() if of.size}


def _scaled(codes: Codes) -> NDArray[np.float64]:
    """Return subspaces of largest absolute value 1, shape (K, N, D)."""
    sizes = np.abs(codes).max(axis=(0, 2)).astype(np.float64)[:, None, None]
    return np.asarray(np.moveaxis(codes, 1, 0) / np.where(sizes > 0, sizes, 1))


def _cosines_of_pairs(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the absolute cosine of each pair of rows that are not 0."""
    lengths = np.linalg.norm(rows, axis=1)
    units = rows[lengths > 0] / lengths[lengths > 0, None]
    return np.asarray(np.abs((units @ units.T)[np.triu_indices(len(units), 1)]))
