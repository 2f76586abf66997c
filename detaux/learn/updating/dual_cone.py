"""The projection of a combination of gradients onto what conflicts with none of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls


def project_weights(gramian: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Minimise v' G v over all v >= u: the weights of the nearest update that no gradient speaks against.

    With G = L L' and v = u + x, that is the least norm of L' x + L' u over x >= 0.

    Args:
        gramian: Dot products G of the gradients (T, T), positive definite.
        weights: Weights u (T,) of the combination to project.

    Returns:
        The weights v (T,).

    Raises:
        ValueError: If no solution is found; `LinAlgError` is one, for a Gramian that is not positive definite.

    Source: Quinton & Rey 2024, arXiv:2406.16232, Proposition 1. Differs in: solved by non-negative least squares.
    """
    factor = np.linalg.cholesky(gramian).T
    try:
        added, _ = nnls(factor, -factor @ weights)
    except RuntimeError as failure:
        raise ValueError(f"no solution after the most iterations: {failure}") from failure
    return np.asarray(weights + added, dtype=np.float64)
