"""Mutual information gap, of single coordinates and of whole subspaces.

Source: Chen et al. 2018, "Isolating Sources of Disentanglement in VAEs", arXiv:1802.04942, Section 4.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.metrics.boxes import block_information
from detaux.metrics.information import entropy, equal_width_bins, mutual_information
from detaux.metrics.inputs import check_codes_and_factors, draw, varying, warn_below
from detaux.metrics.registry import metrics

_MAX_SAMPLES = 10_000
_FLOOR = 1_000
_NUM_BINS = 20


@metrics.register(
    "mig",
    summary="mutual information gap (20 bins), by coordinate and by subspace block (20 cells)",
    source="Chen et al. 2018, arXiv:1802.04942, Section 4; block form: this project",
)
def mig(codes: Codes, factors: Labels, *, seed: int = 0) -> dict[str, float]:
    """Measure how far each factor is held by one coordinate, or one subspace, alone.

    The gap of a factor is the information of the code that tells most about it, less that of the runner-up, over
    the factor's entropy; the score is the mean over factors that vary.

    Estimator: plug-in counts over 20 equal-width bins of each coordinate, on at most 10,000 samples. For the
    block form see `block_information`. Bias: codes that tell nothing seem to tell (bins - 1)(values - 1) / 2N
    nats (0.009 for 10 values at N = 10,000), a block of 10 dimensions 2.5 times as much, since its cells are chosen
    (measured: 0.022 at N = 10,000, 0.043 at 5,000, 0.22 at 1,000), so that the gap of a well held factor is too
    small by that over its entropy. Measured on six coordinates that mix three factors of 6, 4 and 3 values: 0.523,
    0.538, 0.541, 0.546 and 0.548 at 500, 1,000, 2,000, 5,000 and 10,000 codes, with a spread over draws of codes of
    0.006, 0.007, 0.005, 0.005 and 0.003.

    Args:
        codes: Codes, shape (N, D) or (N, K, D), float, finite, any scale from 1e-100 to 1e100.
        factors: Factor values as class indices, shape (N, F), int.
        seed: Seed of the sample where N is above 10,000.

    Returns:
        `mig` over all coordinates, in [0, 1], higher is better; `mig.block` over subspaces too where codes have
        K axes and K is at least 2. At D = 1 both are equal.

    Raises:
        TypeError: If an argument is no numpy array.
        ValueError: If shapes do not fit, codes or factors are refused by `check_codes_and_factors`, there are fewer
            than 2 coordinates, or no factor varies.

    Warns:
        TooFewSamplesWarning: Under 1,000 samples.

    Source: Chen et al. 2018, arXiv:1802.04942, Section 4. Differs in: binned codes in place of the encoder's
    density, as in disentanglement_lib.
    """
    check_codes_and_factors(codes, factors)
    if codes[0].size < 2:  # noqa: PLR2004 - a gap is between two
        raise ValueError(f"a gap needs at least 2 coordinates, but the codes' shape is {codes.shape}")
    warn_below(_FLOOR, len(codes), metric="mig")
    sample = draw(len(codes), _MAX_SAMPLES, metric="mig", seed=seed)
    codes, factors = codes[sample], varying(factors[sample])
    bins = equal_width_bins(codes.reshape(len(codes), -1), _NUM_BINS)
    scores = {"mig": _mean_gap([mutual_information(bins, factor) for factor in factors.T], factors)}
    if codes.ndim == 3 and codes.shape[1] > 1:  # noqa: PLR2004 - N, K, D
        blocks = [
            [block_information(block, factor) for block in np.moveaxis(codes, 1, 0)] for factor in factors.T
        ]
        scores["mig.block"] = _mean_gap([np.asarray(row) for row in blocks], factors)
    return scores


def _mean_gap(information: list[NDArray[np.float64]], factors: Labels) -> float:
    gaps = []
    for row, factor in zip(information, factors.T, strict=True):
        second, first = np.sort(row)[-2:]
        gaps.append((first - second) / entropy(factor))
    return float(np.mean(gaps))
