"""How far subspaces point along the principal one: what several criteria judge by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes


def dot_product(codes: Codes) -> NDArray[np.float64]:
    """Return |mean_n <s_0(x_n), s_k(x_n)>| of each subspace k, the vectors as they are.

    Args:
        codes: Codes of all subspaces, shape (N, K, D), float.

    Returns:
        Shape (K,), at least 0, in squared units of the codes; NaN for k = 0.
    """
    return _without_principal(np.abs(_dots(codes).mean(axis=0, dtype=np.float64)))


def cosine(codes: Codes) -> NDArray[np.float64]:
    """Return |mean_n cos(s_0(x_n), s_k(x_n))| of each subspace k; a zero vector counts as cosine 0.

    Args:
        codes: Codes of all subspaces, shape (N, K, D), float.

    Returns:
        Shape (K,), in [0, 1]; NaN for k = 0.
    """
    lengths = np.linalg.norm(codes, axis=2)
    scale = lengths * lengths[:, :1]
    cosines = np.divide(_dots(codes), scale, out=np.zeros_like(scale), where=scale > 0)
    return _without_principal(np.abs(cosines.mean(axis=0, dtype=np.float64)))


def _dots(codes: Codes) -> Codes:
    dots: Codes = np.einsum("nd,nkd->nk", codes[:, 0], codes)
    return dots


def _without_principal(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    scores[0] = np.nan
    return scores
