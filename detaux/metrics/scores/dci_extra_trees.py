"""Disentanglement, completeness and informativeness, of single coordinates and of whole subspaces.

Source: Eastwood & Williams 2018, "A Framework for the Quantitative Evaluation of Disentangled Representations", ICLR.
"""

from __future__ import annotations

from detaux.core.checks import Codes, Labels
from detaux.metrics.importance import Floats, dci_scores
from detaux.metrics.registry import metrics

_MAX_SAMPLES = 10_000
_FLOOR = 1_000
_NUM_TREES = 30
_MIN_LEAF = 10


@metrics.register(
    "dci_extra_trees",
    summary="disentanglement, completeness, informativeness (extra trees), by coordinate and by subspace block",
    source="Eastwood & Williams 2018, ICLR; block form: this project",
)
def dci_extra_trees(codes: Codes, factors: Labels, *, seed: int = 0) -> dict[str, float]:
    """Measure by the importance of each coordinate, or subspace, for predicting each factor.

    Estimator: scikit-learn's `ExtraTreesClassifier` per factor, 30 trees that look at all inputs at each node, lest
    those that tell nothing be split on for want of better, and keep 10 samples a leaf; importance is the
    mean decrease of impurity. It is far faster than disentanglement_lib's boosted trees, and its scores are not
    to be set beside theirs. Samples: at most 10,000, one half to fit, the other to score informativeness.
    Scores of one set of codes vary by some 0.005 with the seed at 5,000 samples.
    Measured on six coordinates that mix three factors of 6, 4 and 3 values: disentanglement 0.756, 0.709, 0.701 and
    0.683 at 500, 1,000, 2,000 and 5,000 codes, with a spread over draws of codes of 0.026, 0.008, 0.014 and 0.006: it falls
    as codes are added, so compare codes at equal numbers of samples only.

    Block form: see `dci_scores`.

    Args:
        codes: Codes, shape (N, D) or (N, K, D), float, finite, any scale from 1e-100 to 1e100.
        factors: Factor values as class indices, shape (N, F), int; those of one value only are left out.
        seed: Seed of the sample, its halves and the trees.

    Returns:
        Scores in [0, 1], higher is better. `dci_extra_trees.disentanglement` (does a coordinate serve one factor; entropy base
        F, weighted by importance), `dci_extra_trees.completeness` (is a factor served by one coordinate; entropy base D, or
        K * D), `dci_extra_trees.informativeness` (mean accuracy on the second half); where codes have K axes, the same of
        subspaces as `dci_extra_trees.block.disentanglement` and so on (completeness with base K). Disentanglement is absent
        where only one factor varies, completeness where there is one code: an entropy of one has no base.

    Raises:
        TypeError: If an argument is no numpy array.
        ValueError: If shapes do not fit, codes or factors are refused by `check_codes_and_factors`, there are fewer
            than 2 samples, or no factor varies.

    Warns:
        TooFewSamplesWarning: Under 1,000 samples.

    Source: Eastwood & Williams 2018, Section 2. Differs in: extra trees in place of lasso and random forest;
    accuracy in place of error; factors weigh in completeness by their importance, which is equal unless no code
    serves them, as in disentanglement_lib.
    """
    return dci_scores(
        "dci_extra_trees",
        codes,
        factors,
        _extra_trees,
        seed=seed,
        floor=_FLOOR,
        samples=_MAX_SAMPLES,
        fitted=1 / 2,
    )


def _extra_trees(seen: Floats, factor: Labels, unseen: Floats, seed: int) -> tuple[Floats, Labels]:
    from sklearn.ensemble import ExtraTreesClassifier

    trees = ExtraTreesClassifier(
        _NUM_TREES, max_features=None, min_samples_leaf=_MIN_LEAF, random_state=seed
    ).fit(seen, factor)
    return trees.feature_importances_, trees.predict(unseen)
