"""Correlations of subspaces, whatever the scale and the direction of their axes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes
from detaux.metrics.whitening import whitened


def whitened_blocks(codes: Codes) -> NDArray[np.float64]:
    """Return every subspace along its principal axes, at unit variance.

    Args:
        codes: Codes, shape (N, K, D), float, finite; K may be 0.

    Returns:
        Shape (N, K, D); 0 along axes without variance, as `whitened` says.
    """
    blocks = [whitened(block) for block in np.moveaxis(codes, 1, 0)]
    return np.stack(blocks, axis=1) if blocks else codes.astype(np.float64)


def correlations(codes: Codes, *, noise: float) -> NDArray[np.float64]:
    """Return the correlations of all whitened axes, as if noise had been added along each.

    Args:
        codes: Codes, shape (N, K, D), float, finite.
        noise: Variance of the noise, as a share of that of the axis; above 0, the matrix has an inverse.

    Returns:
        Shape (K * D, K * D), symmetric, 1 on the diagonal, 0 elsewhere in rows of axes without variance.
    """
    axes = whitened_blocks(codes).reshape(len(codes), -1)
    found = axes.T @ axes / len(codes) / (1 + noise)
    np.fill_diagonal(found, 1)
    return np.asarray(found)
