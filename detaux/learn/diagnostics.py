"""How the gradients of principal and auxiliary tasks stand to each other."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

_TINY = 1e-12


def gradient_conflict(losses: Tensor, shared: Sequence[nn.Parameter]) -> dict[str, Tensor]:
    """Compare the principal task's gradient with that of the auxiliary tasks' summed losses; the graph is kept.

    Args:
        losses: Loss of each task (T,), T at least 2, with its graph; the principal task first.
        shared: Parameters to differentiate by.

    Returns:
        `gradient_cosine` in [-1, 1], and `gradient_ratio`, the auxiliary gradient's norm over the principal one's, each
        of shape (), without a graph, on the losses' device. A gradient of 0 has cosine 0.
    """
    principal, auxiliary = (_gradient(loss, shared) for loss in (losses[0], losses[1:].sum()))
    norms = principal.norm(), auxiliary.norm()
    return {
        "gradient_cosine": principal.dot(auxiliary) / (norms[0] * norms[1]).clamp(min=_TINY),
        "gradient_ratio": norms[1] / norms[0].clamp(min=_TINY),
    }


def _gradient(loss: Tensor, parameters: Sequence[nn.Parameter]) -> Tensor:
    """Return the gradient by all parameters as one vector (P,)."""
    found = torch.autograd.grad(
        loss, parameters, retain_graph=True, allow_unused=True, materialize_grads=True
    )
    return torch.cat([gradient.flatten() for gradient in found])
