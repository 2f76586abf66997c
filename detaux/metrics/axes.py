"""The axes along which a block form looks at a subspace."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.metrics.whitening import live_axes


def discriminant_axes(block: Codes, factor: Labels) -> NDArray[np.float64]:
    """Return Fisher's axes of a subspace: those that set the means of a factor's values apart the most.

    Turning, rescaling or shearing the subspace turns the axes with it: what is seen along them stays. Only at
    most values - 1 axes can be told from the means, so what a factor of few values changes but in spread or
    shape is not seen.

    Args:
        block: Codes of one subspace, shape (N, D), float, finite.
        factor: Class indices, shape (N,), int.

    Returns:
        Axes as columns, shape (D, A), A from 1 to min(D, values - 1), best first, scaled to unit variance of the
        codes along them. At D = 1 the axis is the coordinate itself, [[1]].

    Source: Fisher 1936, Annals of Eugenics 7; Rao 1948 for more than two values.
    """
    if block.shape[1] == 1:
        return np.ones((1, 1))
    centred = block.astype(np.float64) - block.mean(axis=0, dtype=np.float64)
    principal, variances = live_axes(centred)
    if not len(variances):
        return np.eye(block.shape[1], 1)
    whitening = principal / np.sqrt(variances)
    values, counts = np.unique(factor, return_counts=True)
    sums = np.stack([centred[factor == value].sum(axis=0) for value in values])
    means = sums @ whitening / np.sqrt(counts)[:, None]  # each weighted by the root of its count
    directions = np.linalg.svd(means, full_matrices=False)[2][: max(len(values) - 1, 1)]
    return np.asarray(whitening @ directions.T)
