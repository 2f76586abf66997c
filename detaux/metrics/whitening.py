"""A subspace without its scales and correlations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes

_DEAD = 1e-9  # of the largest variance: less is rounding


def whitened(block: Codes) -> NDArray[np.float64]:
    """Return a subspace along its principal axes, each centred and scaled to unit variance.

    Turning, rescaling or shearing the subspace turns or mirrors what is returned, and no more.

    Args:
        block: Codes of one subspace, shape (N, D), float, finite.

    Returns:
        Shape (N, D); 0 along axes whose variance is below 1e-9 of the largest. At D = 1 the standardised coordinate.
    """
    moved = block.astype(np.float64) - block[0]  # exactly 0 where constant
    centred = moved - moved.mean(axis=0)
    variances, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    alive = (variances > _DEAD * variances[-1]) & (variances > 0)
    return np.asarray(centred @ (axes * np.where(alive, 1 / np.sqrt(np.where(alive, variances, 1)), 0)))
