"""How far the covariance of a batch's codes is from the identity: the terms that both DIP-VAEs have."""

from __future__ import annotations

from torch import Tensor

from detaux.disentangle.vae import Terms, kl
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


def dip_terms(posterior: Posterior, covariance: Tensor, *, off_diagonal: float, diagonal: float) -> Terms:
    """Return the terms of a DIP-VAE: the KL divergence, and the two parts of a covariance's distance to the identity.

    Args:
        posterior: Of the batch.
        covariance: Shape (P, P), for P = K * D latents.
        off_diagonal: Weight of the first part, lambda_od.
        diagonal: Weight of the second, lambda_d.
    """
    return {
        "kl": (1.0, kl(posterior)),
        "off_diagonal": (off_diagonal, squared_off_diagonal(covariance)),
        "diagonal": (diagonal, squared_from_one(covariance)),
    }
