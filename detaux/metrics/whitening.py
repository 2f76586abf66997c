"""A subspace without its scales and correlations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes

_DEAD = 1e-9  # of the largest variance: less is rounding


def live_axes(centred: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the principal axes along which a subspace varies by more than rounding, and its variance along each.

    Args:
        centred: Codes of one subspace less their mean, shape (N, D).

    Returns:
        Axes as columns, shape (D, A), and variances, shape (A,), ascending; A is 0 where the codes are constant.
    """
    variances, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    alive = (variances > _DEAD * variances[-1]) & (variances > 0)
    return axes[:, alive], variances[alive]


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
    axes, variances = live_axes(centred)
    found: NDArray[np.float64] = np.zeros_like(centred)
    found[:, centred.shape[1] - len(variances) :] = centred @ (axes / np.sqrt(variances))
    return found
