"""Separated attribute predictability, of single coordinates and of whole subspaces.

Source: Kumar et al. 2018, "Variational Inference of Disentangled Latent Concepts from Unlabeled Observations",
arXiv:1711.00848, Section 3.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.metrics.forms import forms
from detaux.metrics.inputs import check_codes_and_factors, draw, varying, warn_below
from detaux.metrics.registry import metrics
from detaux.metrics.whitening import whitened

_MAX_SAMPLES = 15_000  # two thirds to fit on: 10,000 and 5,000 as in disentanglement_lib
_FLOOR = 2_000
_PENALTY = 0.01


@metrics.register(
    "sap",
    summary="gap between the two best linear SVCs of a factor, by coordinate and by subspace block",
    source="Kumar et al. 2018, arXiv:1711.00848, Section 3; block form: this project",
)
def sap(codes: Codes, factors: Labels, *, seed: int = 0) -> dict[str, float]:
    """Measure how much better a factor is predicted from one coordinate, or one subspace, than from any other.

    The accuracy of a code for a factor is that of a linear SVC, one value against the rest. The gap is the best
    code's accuracy less that of the runner-up; the score is its mean over factors that vary.

    A line along one coordinate finds the values at its ends, hardly those between: two values on a coordinate leave
    a gap of 1/2, three of 2/3, but ten evenly spaced ones of about 0.1. Scores are to be compared with others of
    the same factors, not with 1.

    Estimator: scikit-learn's `LinearSVC` of penalty C = 0.01 with balanced weights, as in disentanglement_lib; on at
    most 15,000 samples, two thirds to fit on, the rest to judge on. The penalty is weighed against a sum over
    samples, so that it is felt where these are few. Measured with six factors of 4 to 15 values, each on one of ten
    coordinates: 0.094 +- 0.013 (s.d. over sets) at 500 samples, 0.117 +- 0.015 at 1,000, 0.178 +- 0.009 at 2,000,
    0.197 +- 0.005 at 5,000, 0.203 +- 0.006 at 10,000, of which 0.002 to 0.012 is the seed's; ten coordinates of
    noise: 0.012, 0.011, 0.006, 0.004, 0.003. Time grows with the number of values of a factor.

    Block form: the classifier sees each subspace whole and whitened (`whitened`), so that turning, rescaling or
    shearing it changes nothing; at D = 1 that is the standardised coordinate of the scalar form. What no
    hyperplane cuts off is not seen, but values around a circle all are. Measured with such codes turned among each
    other, each beside four coordinates of noise of half its spread: 0.043 +- 0.009, 0.046 +- 0.013, 0.042 +- 0.007,
    0.047 +- 0.004, 0.046 +- 0.003; noise 0.011 at 1,000 samples, 0.003 at 10,000.

    Args:
        codes: Codes, shape (N, D) or (N, K, D), float, finite, any scale from 1e-100 to 1e100.
        factors: Factor values as class indices, shape (N, F), int; those of one value, also among the samples
            to fit on, are left out.
        seed: Seed of the sample and its parts.

    Returns:
        `sap` over all coordinates, in [0, 1], higher is better; `sap.block` over subspaces too where codes have K
        axes and K is at least 2. Nothing where no factor varies among the samples to fit on.

    Raises:
        TypeError: If an argument is no numpy array.
        ValueError: If shapes do not fit, codes or factors are refused by `check_codes_and_factors`, there are fewer
            than 2 coordinates, or no factor varies.

    Warns:
        TooFewSamplesWarning: Under 2,000 samples, where the penalty takes a tenth of the score and more.

    Source: Kumar et al. 2018, arXiv:1711.00848, Section 3. Differs in: accuracy of an SVC in place of
    balanced accuracy of thresholds, for all factors alike, as in disentanglement_lib; standardised codes, lest
    the penalty depend on their scale; parts of one sample in place of two draws.
    """
    check_codes_and_factors(codes, factors)
    if codes[0].size < 2:  # noqa: PLR2004 - a gap is between two
        raise ValueError(f"a gap needs at least 2 coordinates, but the codes' shape is {codes.shape}")
    warn_below(_FLOOR, len(codes), metric="sap")
    sample = draw(len(codes), _MAX_SAMPLES, metric="sap", seed=seed)
    codes, factors = codes[sample], varying(factors[sample])
    factors = factors[:, (factors[: _num_train(len(factors))] != factors[0]).any(axis=0)]
    if not factors.size:
        return {}
    return {form: _mean_gap(blocks, factors) for form, blocks in forms("sap", codes).items()}


def _mean_gap(blocks: Codes, factors: Labels) -> float:
    """Return how much better the best block predicts a factor than the next, averaged over factors."""
    accuracies = np.array([_accuracies(whitened(block), factors) for block in np.moveaxis(blocks, 1, 0)])
    second, first = np.sort(accuracies, axis=0)[-2:]
    return float(np.mean(first - second))


def _accuracies(block: NDArray[np.float64], factors: Labels) -> list[float]:
    """Return the share of the last third whose value a linear SVC of the first two thirds predicts, by factor."""
    from sklearn.svm import LinearSVC

    end = _num_train(len(block))
    accuracies = []
    for factor in factors.T:
        classifier = LinearSVC(C=_PENALTY, class_weight="balanced", dual=False)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "The number of unique classes")  # a factor may have many values
            classifier.fit(block[:end], factor[:end])
        accuracies.append(float(np.mean(classifier.predict(block[end:]) == factor[end:])))
    return accuracies


def _num_train(count: int) -> int:
    return (2 * count + 2) // 3
