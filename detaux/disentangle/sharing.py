"""What the two images of a pair have in common, told from their posteriors alone, and how it is merged."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from detaux.disentangle.vector import Posterior

Merge = Callable[[Posterior, Posterior], Posterior]
"""Makes one posterior (B, K, D) of those of the first and of the second images, each of that shape."""


def share(posterior: Posterior, merge: Merge) -> Posterior:
    """Give both images of each pair the same distribution of the latents that they share.

    A gradient passes through the merged parameters to both images, none through the choice of the latents.

    Args:
        posterior: Of the first images of all pairs, then the second: (2B, K, D), float.
        merge: Makes one posterior of two.

    Returns:
        The same shape; latents that are not shared are as they were.

    Source: Locatello et al. 2020, arXiv:2002.02886, section 4.
    """
    first, second = _halves(posterior)
    shared = shared_latents(first, second)
    merged = merge(first, second)
    mean, log_variance = (
        torch.cat([torch.where(shared, common, own) for own in (one, other)])
        for common, one, other in zip(merged, first, second, strict=True)
    )
    return Posterior(mean, log_variance)


@torch.no_grad()
def shared_latents(first: Posterior, second: Posterior) -> Tensor:
    """Tell which latents a pair shares: those whose divergence is nearer to its least than to its greatest.

    Returns:
        (B, K, D), bool. False throughout where a pair's divergences are all equal; else one latent of it is True at
        least, and one False.

    Source: Locatello et al. 2020, arXiv:2002.02886, section 4, and its code in disentanglement_lib, whose two bins of
    equal width have the same border.
    """
    divergence = kl_between(first, second)
    midpoint = (divergence.amax((1, 2), keepdim=True) + divergence.amin((1, 2), keepdim=True)) / 2
    return divergence < midpoint


def kl_between(first: Posterior, second: Posterior) -> Tensor:
    """Return KL(first || second) of each latent, (B, K, D), in nats; not the same with the two exchanged."""
    (mean, log_variance), (other_mean, other_log_variance) = first, second
    log_ratio = log_variance - other_log_variance
    distance = (mean - other_mean).square() * (-other_log_variance).exp()
    return 0.5 * (log_ratio.exp() + distance - 1 - log_ratio)


def average(first: Posterior, second: Posterior) -> Posterior:
    """Return the normal distributions whose means and variances are the averages of the two, (B, K, D).

    Source: Hosoya 2019, arXiv:1809.02383 (group VAE), as Locatello et al. 2020 use it.
    """
    log_sum = torch.logaddexp(first.log_variance, second.log_variance)
    return Posterior((first.mean + second.mean) / 2, log_sum - math.log(2))


def product(first: Posterior, second: Posterior) -> Posterior:
    """Return the normal distributions proportional to the product of the two densities, (B, K, D).

    Precisions add up, and means are weighted by them: the variance of two equal ones is half of theirs.

    Source: Bouchacourt et al. 2018, arXiv:1705.08841 (multi-level VAE), as Locatello et al. 2020 describe it. Differs
    in: the code of the latter in disentanglement_lib doubles the variance, so that of two equal ones stays.
    """
    log_variance = -torch.logaddexp(-first.log_variance, -second.log_variance)
    weight = torch.sigmoid(second.log_variance - first.log_variance)
    return Posterior(weight * first.mean + (1 - weight) * second.mean, log_variance)


def _halves(posterior: Posterior) -> tuple[Posterior, Posterior]:
    (mean, other_mean), (log_variance, other_log_variance) = (part.chunk(2) for part in posterior)
    return Posterior(mean, log_variance), Posterior(other_mean, other_log_variance)
