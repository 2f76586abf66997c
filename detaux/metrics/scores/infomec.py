"""Modularity, compactness and explicitness by information, of single coordinates and of whole subspaces.

Source: Hsu et al. 2023, "Disentanglement via Latent Quantization", arXiv:2305.18378.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.metrics.forms import forms
from detaux.metrics.information import entropy
from detaux.metrics.inputs import check_codes_and_factors, draw, varying, warn_below
from detaux.metrics.neighbours import neighbour_information
from detaux.metrics.registry import metrics
from detaux.metrics.whitening import whitened

_MAX_SAMPLES = 10_000
_FLOOR = 1_000
_LEAST_RANGE = 1 / 20  # of the largest
_MAX_STEPS = 100  # as the authors; where values can be set apart there is no end
_TOLERANCE = 1e-6


@metrics.register(
    "infomec",
    summary="modularity, compactness, explicitness by information (10 neighbours), by coordinate and by subspace block",
    source="Hsu et al. 2023, arXiv:2305.18378; block form: this project",
)
def infomec(codes: Codes, factors: Labels, *, seed: int = 0) -> dict[str, float]:
    """Measure whether a code tells about one factor, a factor is told by one code, and all codes tell it linearly.

    Modularity and compactness come from each code's mutual information about each factor over the factor's entropy:
    the share of its largest entry in the sum of a code's row, or a factor's column, averaged, and set to 0 where
    all entries are equal (1 / F, or one over the number of codes) and to 1 where one is all. Codes whose range
    is at most 1/20 of the largest are left out of both. Explicitness is how far a logistic regression of the factor
    on all codes lowers the log loss of a constant predictor, as a share of it, averaged over factors.

    Estimator: `neighbour_information` (10 neighbours); logistic regression of standardised codes without penalty, with
    balanced classes, of at most 100 steps, judged on the samples that it was fitted on; at most 10,000 samples.
    Measured over 12 sets of samples each, mean +- standard deviation over sets, at N = 500, 1,000, 2,000, 5,000,
    10,000, with factors of 10, 8, 4 and 3 values:
    each on a coordinate of its own, noise 0.05 of a step: modularity and compactness 0.984 +- 0.006, 0.990 +- 0.006,
    0.990 +- 0.004, 0.994 +- 0.004, 0.996 +- 0.002;
    each with 0.3 of the next mixed in, noise 0.3: both 0.844 +- 0.015, 0.846 +- 0.011, 0.850 +- 0.011, 0.856 +- 0.005,
    0.859 +- 0.003; explicitness 0.706 +- 0.009, 0.696 +- 0.006, 0.692 +- 0.005, 0.691 +- 0.002, 0.690 +- 0.001;
    each in one dimension of five, noise 0.3: modularity of blocks 0.958 +- 0.017, 0.975 +- 0.009, 0.982 +- 0.007,
    0.991 +- 0.003, 0.994 +- 0.002, compactness alike.
    Only explicitness is low for codes that tell nothing (0.012 at 500, 0.001 at 10,000, for it is not held out):
    of what little they seem to tell, one entry has the most, and four coordinates of noise score 0.6 +- 0.15 in the
    other two, at any N. These are to be read together.

    Block form: the information is that of the subspace as a whole, along its discriminant axes (see
    `neighbour_information`), so that turning, rescaling or shearing a subspace changes nothing but, by its range,
    whether it is left out; the range of a subspace is that along its first principal axis. At D = 1 all this is the
    scalar form. Explicitness is of all codes, so it has no block form of its own.

    Args:
        codes: Codes, shape (N, D) or (N, K, D), float, finite, any scale from 1e-100 to 1e100.
        factors: Factor values as class indices, shape (N, F), int; those of one value only are left out.
        seed: Seed of the sample.

    Returns:
        Higher is better. `infomec.modularity` and `infomec.compactness` in [0, 1] over all coordinates; the same of
        subspaces as `infomec.block.modularity` and `infomec.block.compactness` where codes have K axes and K is at
        least 2. Modularity is absent where only one factor varies, compactness where only one code is left, both
        where no code varies. `infomec.explicitness`, at most 1, 0 for codes that tell nothing; values of unequal
        share can bring it below 0.

    Raises:
        TypeError: If an argument is no numpy array.
        ValueError: If shapes do not fit, codes or factors are refused by `check_codes_and_factors`, or no factor
            varies.

    Warns:
        TooFewSamplesWarning: Under 1,000 samples.

    Source: Hsu et al. 2023, arXiv:2305.18378, and the authors' code (kylehkhsu/latent_quantization), for continuous
    codes. Differs in: a code, or factor, whose entries are all 0 counts 0, where theirs is undefined; steps end at a
    tolerance of 1e-6 in place of 1e-4; codes quantised to few numbers are not treated apart.
    """
    check_codes_and_factors(codes, factors)
    warn_below(_FLOOR, len(codes), metric="infomec")
    sample = draw(len(codes), _MAX_SAMPLES, metric="infomec", seed=seed)
    codes, factors = codes[sample], varying(factors[sample])
    scores: dict[str, float] = {}
    for name, blocks in forms("infomec", codes).items():
        told = _told(blocks, factors)
        scores |= {f"{name}.{part}": score for part, score in _shares(told).items()}
    return scores | {"infomec.explicitness": _explicitness(codes.reshape(len(codes), -1), factors)}


def _told(blocks: Codes, factors: Labels) -> NDArray[np.float64]:
    """Return the information of each active code about each factor, over the factor's entropy, shape (A, F)."""
    ranges = np.array([_range(block) for block in np.moveaxis(blocks, 1, 0)])
    active = np.flatnonzero(ranges > _LEAST_RANGE * ranges.max())
    told = [[neighbour_information(blocks[:, k], factor) for factor in factors.T] for k in active]
    return np.reshape(told, (len(active), factors.shape[1])) / [entropy(factor) for factor in factors.T]


def _range(block: Codes) -> float:
    """Return the range along the first principal axis: at D = 1 that of the coordinate."""
    moved = block.astype(np.float64) - block[0]
    axis = np.linalg.eigh(np.cov(moved, rowvar=False, bias=True).reshape(2 * block.shape[1:]))[1][:, -1]
    return float(np.ptp(moved @ axis))


def _shares(told: NDArray[np.float64]) -> dict[str, float]:
    """Return what there is of modularity and compactness, from what A codes tell of F factors, (A, F)."""
    scores = {"modularity": told, "compactness": told.T}
    return {name: _largest_share(rows) for name, rows in scores.items() if len(rows) and rows.shape[1] > 1}


def _largest_share(rows: NDArray[np.float64]) -> float:
    """Return the mean over rows of the largest entry's share, from 0 where all are equal to 1 where it is all."""
    sums, even = rows.sum(axis=1), 1 / rows.shape[1]
    shares = np.divide(rows.max(axis=1), sums, out=np.full_like(sums, even), where=sums > 0)
    return float((shares.mean() - even) / (1 - even))


def _explicitness(codes: Codes, factors: Labels) -> float:
    """Return how much of each factor a linear classifier of all codes tells, on the samples that it was fitted on."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss

    standardised = np.concatenate([whitened(code[:, None]) for code in codes.T], axis=1)
    told = []
    for factor in factors.T:
        model = LogisticRegression(C=np.inf, class_weight="balanced", tol=_TOLERANCE, max_iter=_MAX_STEPS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # told in the docstring
            loss = log_loss(factor, model.fit(standardised, factor).predict_proba(standardised))
        told.append(1 - loss / np.log(factor.max() + 1))  # of balanced classes, a constant gives all alike
    return float(np.mean(told))
