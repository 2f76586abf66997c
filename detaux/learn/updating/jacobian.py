"""The gradient of each task's loss, all from one forward pass."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def task_gradients(
    losses: Tensor, shared: Sequence[nn.Parameter], heads: Sequence[Sequence[nn.Parameter]]
) -> list[Tensor]:
    """Differentiate the losses one after another, and free their graph.

    Side by side (by vmap) batch norm under bfloat16 fails, and on a CPU it is slower.

    Args:
        losses: Loss of each task (T,), with its graph.
        shared: Parameters that the losses of more than one task reach.
        heads: Parameters that the loss of one task alone reaches (T lists); they receive its gradient here.

    Returns:
        The gradients of each shared parameter, (T, *its shape), 0 where a loss does not reach it.
    """
    rows = []
    for task, (loss, own) in enumerate(zip(losses.unbind(), heads, strict=True)):
        gradients = torch.autograd.grad(
            loss, [*shared, *own], retain_graph=task + 1 < len(losses), materialize_grads=True
        )
        rows.append(gradients[: len(shared)])
        for parameter, gradient in zip(own, gradients[len(shared) :], strict=True):
            add_gradient(parameter, gradient)
    return [torch.stack(column) for column in zip(*rows, strict=True)]


def gramian(gradients: Sequence[Tensor]) -> Tensor:
    """Return the dot products (T, T) of the tasks' gradients, given as (T, *shape) for each parameter."""
    total = torch.zeros((), dtype=gradients[0].dtype, device=gradients[0].device)
    for gradient in gradients:
        rows = gradient.reshape(len(gradient), -1)
        total = total + rows @ rows.T
    return total


def add_gradient(parameter: nn.Parameter, gradient: Tensor) -> None:
    """Accumulate a gradient in the parameter's own memory layout: fused optimisers read both in one order."""
    if parameter.grad is None:
        parameter.grad = torch.empty_like(parameter).copy_(gradient)
    else:
        parameter.grad += gradient
