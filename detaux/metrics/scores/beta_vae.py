"""Whether it can be told which factor was held fixed, of single coordinates and of whole subspaces.

Source: Higgins et al. 2017, "beta-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework", ICLR.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.metrics.fixed_factor import NUM_TRAIN, Floats, Ints, Peers, draw_points, find_peers, unit_blocks
from detaux.metrics.forms import forms
from detaux.metrics.inputs import check_codes_and_factors, draw, varying, warn_below
from detaux.metrics.registry import metrics

_MAX_SAMPLES = 10_000
_FLOOR = 1_000
_MAX_STEPS = 1_000  # scikit-learn's 100 do not always suffice


@metrics.register(
    "beta_vae",
    summary="how well a linear classifier tells which factor was fixed, by coordinate and by subspace block",
    source="Higgins et al. 2017, ICLR, Section 3; block form: this project",
)
def beta_vae(codes: Codes, factors: Labels, *, seed: int = 0) -> dict[str, float]:
    """Measure by how well a linear classifier tells which factor two codes have in common.

    At each point a factor is fixed, all equally likely, and 64 pairs of codes that share its value are drawn. The
    features are the mean distances of the pairs, one for each code; logistic regression learns the factor from
    10,000 points, and the score is its accuracy at 5,000 others. It asks that factors be told apart, not that a
    code hold one alone: codes mildly mixed still score high, and duplicates cost nothing.

    Estimator: where disentanglement_lib has new images made, pairs are drawn from at most 10,000 samples, with
    replacement from pair to pair, values in proportion (`Peers.pairs`). A value of one sample cannot be drawn, and a
    factor without two values of two samples is left out. Features are standardised, so that the penalty of the
    regression (scikit-learn's C = 1) is the same for codes of any scale. Measured with six factors of 4 to 15 values
    and ten coordinates, six of which hold them turned among each other, four noise: 0.930 +- 0.016 (s.d.
    over sets) at 500 samples, 0.930 +- 0.011 at 1,000, 0.928 +- 0.007 at 2,000, 0.925 +- 0.007 at 5,000,
    0.924 +- 0.005 at 10,000, of which 0.004 to 0.006 is the seed's; ten coordinates of noise: 0.196, 0.176,
    0.172, 0.168 and 0.166 where chance is 0.167, since points to learn from and to judge on share their samples.

    Block form: the distance of a pair is Euclid's in the subspace, in units of the root of its total variance:
    turning, rescaling or moving a subspace changes nothing, and at D = 1 it is the absolute difference of the
    scalar form. It is not that of whitened subspaces, where directions of noise weigh as much as the one that holds
    a factor: of subspaces that hold one factor each on one of ten coordinates this form scores 1.00, a whitened
    one 0.81. A factor in a direction of little of the subspace's variance is not seen. Measured with the six codes
    above, each beside four coordinates of noise of half its spread: 0.879 +- 0.011 at 1,000 samples, 0.874 +- 0.004 at
    10,000; noise 0.174 and 0.170.

    Args:
        codes: Codes, shape (N, D) or (N, K, D), float, finite, any scale from 1e-100 to 1e100.
        factors: Factor values as class indices, shape (N, F), int.
        seed: Seed of the sample and of all draws.

    Returns:
        `beta_vae` over all coordinates, in [0, 1], higher is better, about 1 / F by chance and for constant codes;
        `beta_vae.block` over subspaces too where codes have K axes and K is at least 2. Nothing where fewer than
        two factors can be fixed.

    Raises:
        TypeError: If an argument is no numpy array.
        ValueError: If shapes do not fit, codes or factors are refused by `check_codes_and_factors`, or no factor
            varies.

    Warns:
        TooFewSamplesWarning: Under 1,000 samples.

    Source: Higgins et al. 2017, ICLR, Section 3; numbers of points and pairs, and logistic regression, as in
    disentanglement_lib. Differs in: draws from samples at hand, never of one sample twice; standardised features.
    """
    check_codes_and_factors(codes, factors)
    warn_below(_FLOOR, len(codes), metric="beta_vae")
    sample = draw(len(codes), _MAX_SAMPLES, metric="beta_vae", seed=seed)
    codes, peers = codes[sample], find_peers(varying(factors[sample]))
    if len(peers) < 2:  # noqa: PLR2004 - nothing to tell apart
        return {}
    return {form: _accuracy(blocks, peers, seed) for form, blocks in forms("beta_vae", codes).items()}


def _accuracy(blocks: Codes, factors: list[Peers], seed: int) -> float:
    from sklearn.linear_model import LogisticRegression

    blocks = unit_blocks(blocks)

    def feature(peers: Peers, count: int, generator: np.random.Generator) -> Floats:
        return _mean_distances(blocks, *peers.pairs(count, generator))

    fixed, features = draw_points(factors, feature, metric="beta_vae", seed=seed)
    features = _standardised(features)
    model = LogisticRegression(max_iter=_MAX_STEPS).fit(features[:NUM_TRAIN], fixed[:NUM_TRAIN])
    return float(np.mean(model.predict(features[NUM_TRAIN:]) == fixed[NUM_TRAIN:]))


def _mean_distances(blocks: Floats, one: Ints, other: Ints) -> Floats:
    """Return the mean distance of pairs (P, B) in each of K blocks, shape (P, K)."""
    return np.asarray(np.linalg.norm(blocks[one] - blocks[other], axis=-1).mean(axis=1))


def _standardised(features: NDArray[np.float64]) -> Floats:
    """Centre and scale by the points to fit on."""
    centred = features - features[:NUM_TRAIN].mean(axis=0)
    spread = centred[:NUM_TRAIN].std(axis=0)
    return np.asarray(centred / np.where(spread > 0, spread, 1))
