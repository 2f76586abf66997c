"""Sparse linear heads of many tasks on shared features, solved by steps that gradients pass through."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

_TINY = 1e-12


class Heads(NamedTuple):
    """Linear heads of T two-class tasks on M features."""

    weights: Tensor
    """Shape (M, T), float."""
    bias: Tensor
    """Shape (T,), float."""

    def __call__(self, features: Tensor) -> Tensor:
        """Return the logits (S, T) of the second class, from features (S, M)."""
        return torch.addmm(self.bias, features, self.weights)


def sparse_heads(
    features: Tensor, labels: Tensor, *, alpha: float, steps: int, rate: Tensor | float
) -> Heads:
    """Fit each task's head by proximal gradient steps from zero.

    Each head minimises mean cross-entropy + alpha * mean_m abs(weight_m); the bias is free. All tasks are solved at once.

    Args:
        features: Shape (S, M), float; gradients pass to them through every step.
        labels: Shape (S, T), 0 or 1, of the features' type.
        alpha: At least 0, in nats.
        steps: At least 1.
        rate: Length of a step; `safe_rate` gives one at which the objective falls.

    Source: Daubechies et al. 2004 (iterative soft thresholding); the problem is the inner one of Fumero et al. 2023,
        arXiv:2304.07939.
    """
    samples, width = features.shape
    threshold = rate * alpha / width
    heads = Heads(features.new_zeros(width, labels.shape[1]), features.new_zeros(labels.shape[1]))
    for _ in range(steps):
        slope = (heads(features).sigmoid() - labels) / samples
        weights = heads.weights - rate * (features.T @ slope)
        shrunk = weights.sign() * (weights.abs() - threshold).relu()
        heads = Heads(shrunk, heads.bias - rate * slope.sum(0))
    return heads


@torch.no_grad()
def safe_rate(features: Tensor) -> Tensor:
    """Return a step length, shape (), at which proximal steps on features (S, M) lower the objective.

    It is 4 / L with L the largest absolute row sum of the Gram matrix of features and bias, over S: no eigenvalue of
    that is above it, and the curvature of a cross-entropy of two classes is at most a quarter of that.
    """
    inputs = torch.cat([features, torch.ones_like(features[:, :1])], dim=1)
    gram = inputs.T @ inputs / len(inputs)
    rate: Tensor = 4 / gram.abs().sum(1).max()
    return rate


def usage_entropy(weights: Tensor) -> Tensor:
    """Measure over how many features the heads spread.

    Args:
        weights: Shape (M, T), float.

    Returns:
        Entropy in nats, shape (), of each feature's share of all absolute weight: 0 if one has all of it or all weights
        are zero, log M if each has as much.
    """
    used = weights.abs().sum(1)
    shares = used / (used.sum() + _TINY)
    entropy: Tensor = torch.special.entr(shares.clamp_min(_TINY)).sum()
    return entropy
