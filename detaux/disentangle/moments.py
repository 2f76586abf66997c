"""How far the covariance of a batch's codes is from the identity."""

from __future__ import annotations

from torch import Tensor

from detaux.disentangle.vector import Posterior


def covariance(codes: Tensor) -> Tensor:
    """Return the covariance (P, P) of codes (N, P), float: the mean over N, not N - 1, as published code has it."""
    centred = codes - codes.mean(0)
    return centred.T @ centred / len(codes)


def squared_off_diagonal(covariance: Tensor) -> Tensor:
    """Return the sum () of the squares of a matrix (P, P) off its diagonal."""
    return (covariance - covariance.diagonal().diag()).square().sum()


def squared_from_one(covariance: Tensor) -> Tensor:
    """Return the sum () of the squares of what a matrix (P, P) has on its diagonal, less 1."""
    return (covariance.diagonal() - 1).square().sum()


def total_covariance(posterior: Posterior) -> Tensor:
    """Return the covariance (K * D, K * D) of codes drawn from a batch's posteriors: E[Sigma] + Cov[mean]."""
    variance = posterior.log_variance.exp().flatten(1).mean(0)
    return variance.diag() + covariance(posterior.mean.flatten(1))
