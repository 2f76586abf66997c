"""How alike the subspaces of two models are, pair by pair.

Everything here takes codes of one model, whitened by `whitened_blocks`, shape (N, A, D), and codes of the model that is
judged, centred and each subspace of unit variance in all, shape (N, B, E), of the same images; A and B are at least 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_PENALTY = 0.1


def explained_variance(others: Floats, judged: Floats) -> Floats:
    """Return the share of each judged subspace's variance that is linear in each other one, shape (A, B), in [0, 1].

    By chance it is about D / N. At D = E = 1 it is the squared correlation.
    """
    shape = (*others.shape[1:], *judged.shape[1:])
    covariances = others.reshape(len(others), -1).T @ judged.reshape(len(judged), -1) / len(others)
    return np.asarray(np.square(covariances).reshape(shape).sum(axis=(1, 3)))


def correlations(others: Floats, judged: Floats) -> Floats:
    """Return the absolute correlation of each other coordinate with each judged one, shape (A, B); D = E = 1."""
    return np.asarray(np.sqrt(explained_variance(others, judged)))


def lasso_weights(others: Floats, judged: Floats) -> Floats:
    """Return absolute weights of all other coordinates in a lasso for each judged one, shape (A, B); D = E = 1.

    The penalty is 0.1, as in disentanglement_lib: a coordinate that is a copy has weight 0.9.
    """
    from sklearn.linear_model import Lasso

    fitted = Lasso(alpha=_PENALTY, precompute=True).fit(others[:, :, 0], judged[:, :, 0])
    return np.asarray(np.abs(fitted.coef_).reshape(judged.shape[1], others.shape[1]).T)
