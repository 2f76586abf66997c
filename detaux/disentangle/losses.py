"""The terms of stage one's loss, one function each; weights and schedules are `objective.py`'s.

Letters: B pairs, K subspaces, D latent dim. `codes` are (2B, K, D): the first images of all pairs, then the second.

Source: Fumero et al. 2021 (PMP), Section 4, for the terms; Skenderi et al. 2025 (Detaux), Section 3, for the forced
oracle and the weights.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

ORACLE_SHARPNESS = 1e6
"""The paper's: as good as a hard choice."""
_USAGE_SHARPNESS = 1e3
_USAGE_SCALE = 100.0
_TINY = 1e-8


def reconstruction(decoded: Tensor, packed: Tensor, values: int) -> Tensor:
    """Return the mean squared error of decoded images.

    By way of the norm, whose gradient is one product: torch's own squared error passes over the images twice as often.

    Args:
        decoded: Packed images, any float type.
        packed: The images they should be, of the same shape, float32; packing may add zeros, which both hold.
        values: Numbers in the images before packing: 2B * 3 * H * W.

    Returns:
        Shape ().
    """
    norm: Tensor = torch.linalg.vector_norm(decoded - packed)
    return norm.square() / values


def sparsity(codes: Tensor) -> Tensor:
    """Measure how far subspaces share coordinates: 0 if each coordinate is used by one subspace alone.

    Args:
        codes: Shape (2B, K, D), float.

    Returns:
        Mean over samples and coordinates of sum_k abs(s_k * sum of the other s_j), shape ().
    """
    others = codes.sum(1, keepdim=True) - codes
    return (codes * others).abs().sum(1).mean()


def squared_change(codes: Tensor) -> Tensor:
    """Return the squared distance between the two codes of each pair, shape (B, K), from codes (2B, K, D)."""
    first, second = codes.chunk(2)
    return (first - second).square().sum(-1)


def normalised_change(change: Tensor, codes: Tensor) -> Tensor:
    """Make changes comparable between subspaces: divide by how far apart codes lie on average.

    Args:
        change: Squared change of each pair, shape (B, K).
        codes: The batch's codes, shape (2B, K, D); each is also compared with itself.

    Returns:
        Shape (B, K), at least 0, without gradient.
    """
    by_subspace = codes.detach().transpose(0, 1)
    apart = torch.cdist(by_subspace, by_subspace, compute_mode="donot_use_mm_for_euclid_dist")
    return change.detach() / (apart.mean((-2, -1)) + _TINY)


def relative_change(change: Tensor, codes: Tensor) -> Tensor:
    """Make changes comparable between subspaces by their variance: divide by the mean squared distance of codes.

    Args:
        change: Squared change of each pair, shape (B, K).
        codes: The batch's codes, shape (2B, K, D); each is also compared with itself.

    Returns:
        Shape (B, K), at least 0, without unit and without gradient.

    Source: ours. A ratio of squares, which unlike `normalised_change` does not grow with the scale of the codes.
    """
    apart = 2 * codes.detach().var(0, correction=0).sum(-1)
    return change.detach() / (apart + _TINY)


def plain_oracle(normalised: Tensor, sharpness: float = ORACLE_SHARPNESS) -> Tensor:
    """Say which subspace carries each pair's change: the one that changed most.

    Args:
        normalised: Normalised or relative change, shape (B, K).
        sharpness: How surely the one that changed most is named.

    Returns:
        Weights over subspaces, shape (B, K), each row sums to 1; no gradient.
    """
    return torch.softmax(sharpness * normalised.detach(), dim=-1)


def forced_oracle(normalised: Tensor, differ: Tensor, sharpness: float = ORACLE_SHARPNESS) -> Tensor:
    """Say which subspace carries each pair's change, subspace 0 being kept for the principal label.

    Args:
        normalised: Normalised or relative change, shape (B, K).
        differ: Whether the pair's principal labels differ, shape (B,), bool.
        sharpness: As for the plain oracle.

    Returns:
        Weights over subspaces, shape (B, K): (1, 0, ..., 0) where labels differ, else the plain oracle over
        subspaces 1 to K - 1; no gradient.
    """
    auxiliary = torch.where(differ[:, None], 0.0, plain_oracle(normalised[:, 1:], sharpness))
    return torch.cat([differ[:, None].to(auxiliary.dtype), auxiliary], dim=1)


def distance(
    change: Tensor, oracle: Tensor, reached: Tensor, *, margin: float, margin_weight: float
) -> Tensor:
    """Keep the subspaces that the oracle did not name still, and the named one moving.

    Args:
        change: Squared change of each pair, shape (B, K).
        oracle: Weights over subspaces, shape (B, K).
        reached: What the margin is held against, shape (B, K); the paper's is `change` itself.
        margin: Squared change below which the named subspace is pushed apart.
        margin_weight: Weight of that push.

    Returns:
        A value a subspace, shape (K,): the mean over pairs of change * (1 - oracle)
        + margin_weight * relu(margin - reached * oracle). The paper's term is the mean of these; a subspace that the
        oracle did not name adds the margin as a constant, without gradient.
    """
    still = change * (1 - oracle)
    short = functional.relu(margin - reached * oracle)
    return (still + margin_weight * short).mean(0)


def mixtures(codes: Tensor, drawn: Tensor) -> Tensor:
    """Mix the codes of pairs: the second image's, with one subspace replaced by the first image's.

    Args:
        codes: Shape (2B, K, D).
        drawn: Which of the K * B mixtures to make: k * B + pair, shape (M,), long.

    Returns:
        Mixed codes, shape (M, K, D).
    """
    first, second = codes.chunk(2)
    replaced, pair = drawn.div(len(first), rounding_mode="floor"), drawn.remainder(len(first))
    own = functional.one_hot(replaced, codes.shape[1]).bool()
    return torch.where(own[..., None], first[pair], second[pair])


def consistency(mixed: Tensor, recovered: Tensor) -> Tensor:
    """Return the mean squared error of mixed codes after decoding and encoding, both (M, K, D); shape ()."""
    return functional.mse_loss(recovered, mixed)


def usage(change: Tensor) -> Tensor:
    """Return how often each subspace carries a pair's change, shape (K,), from changes (B, K); differentiable."""
    return torch.softmax(_USAGE_SHARPNESS * change, dim=-1).mean(0)


def regularisation(shares: Tensor) -> Tensor:
    """Measure how unequally subspaces are used: 0 if each carries the same share of changes.

    Args:
        shares: Mean oracle over the batch, shape (K,), sums to 1.

    Returns:
        100 * mean_k (1 / K - share_k)^2, shape ().
    """
    return _USAGE_SCALE * (1 / len(shares) - shares).square().mean()
