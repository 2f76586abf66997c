"""Codes whose sample covariance is known to rounding, so that Gaussian scores have closed forms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

N = 2_000


def of_covariance(covariance: Floats, *, seed: int = 0) -> Floats:
    """Return N codes of mean 0 and exactly this sample covariance, shape (N, len(covariance))."""
    drawn = np.random.default_rng(seed).normal(size=(N, len(covariance)))
    drawn -= drawn.mean(axis=0)
    orthogonal = np.linalg.qr(drawn)[0] * np.sqrt(N)
    return np.asarray(orthogonal @ np.linalg.cholesky(covariance).T)


def equal_correlations(size: int, correlation: float) -> Floats:
    """Return the covariance of coordinates of variance 1 that all correlate alike."""
    return np.asarray(correlation * np.ones((size, size)) + (1 - correlation) * np.eye(size))


def turned(codes: Floats, *, seed: int = 1) -> Floats:
    """Return codes (N, K, D) with each subspace turned in itself, by another rotation each."""
    generator = np.random.default_rng(seed)
    turns = [np.linalg.qr(generator.normal(size=(codes.shape[2],) * 2))[0] for _ in range(codes.shape[1])]
    return np.stack([codes[:, k] @ turn for k, turn in enumerate(turns)], axis=1)
