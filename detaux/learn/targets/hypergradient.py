"""Gradients by what a training is told, through the weights that it trains.

Letters: w the weights that a training moves (inner), p what its loss depends on beside them (outer), r its rate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

Loss = Callable[[Sequence[Tensor]], Tensor]
"""A loss () at given inner weights, which may depend on the outer tensors as well."""

_SHIFT = 0.01
_TINY = 1e-12


def unrolled(
    training: Loss, aim: Loss, inner: Sequence[Tensor], outer: Sequence[Tensor], *, rate: float
) -> list[Tensor]:
    """Differentiate an aim after one step of plain descent, aim(w - r d training / dw), by the outer tensors.

    Costs the forward and backward pass of either loss, and a second backward pass through that of the training loss.

    Args:
        training: What the step descends.
        aim: What is differentiated.
        inner: Weights w before the step, each with `requires_grad`.
        outer: Tensors p, each with `requires_grad`.
        rate: Length r of the step, above 0.

    Returns:
        The gradient by each outer tensor, of its shape, without a graph.

    Source: Liu, Davison & Johns 2019, arXiv:1901.08933, Section 3.2, after Finn et al. 2017, arXiv:1703.03400. Differs in:
        nothing.
    """
    slopes = _gradients(training(inner), inner, create_graph=True)
    return _gradients(aim(_moved(inner, slopes, -rate)), outer)


def finite_difference(
    training: Loss, aim: Loss, inner: Sequence[Tensor], outer: Sequence[Tensor], *, rate: float
) -> list[Tensor]:
    """Approximate what `unrolled` returns without second derivatives.

    The mixed derivative of the training loss times the aim's gradient v is the central difference of its gradients by the
    outer tensors at w + s v and w - s v. Costs the forward and backward pass of either loss, and two more forward passes
    of the training loss.

    Args:
        training: What the step descends.
        aim: What is differentiated.
        inner: Weights w before the step, each with `requires_grad`.
        outer: Tensors p, each with `requires_grad`.
        rate: Length r of the step, above 0.

    Returns:
        The gradient by each outer tensor, of its shape, without a graph.

    Source: Liu, Simonyan & Yang 2019, arXiv:1806.09055, Equation 8, with its s = 0.01 / |v|. Differs in: nothing.
    """
    here = [weight.detach().requires_grad_() for weight in inner]
    slopes = _gradients(training(here), here)
    stepped = [weight.detach().requires_grad_() for weight in _moved(inner, slopes, -rate)]
    found = _gradients(aim(stepped), [*stepped, *outer])
    direction, direct = found[: len(inner)], found[len(inner) :]
    shift = _SHIFT / torch.cat([part.flatten() for part in direction]).norm().clamp(min=_TINY)
    above, below = (
        _gradients(training([weight.detach() for weight in _moved(inner, direction, side * shift)]), outer)
        for side in (1, -1)
    )
    mixed = [(high - low) / (2 * shift) for high, low in zip(above, below, strict=True)]
    return _moved(direct, mixed, -rate)


def implicit(
    training: Loss,
    aim: Loss,
    inner: Sequence[Tensor],
    outer: Sequence[Tensor],
    *,
    rate: float,
    terms: int,
) -> list[Tensor]:
    """Differentiate an aim at the weights that minimise the training loss, by the outer tensors.

    That gradient is - v H^-1 M, with v the aim's gradient by w, H the training loss's second derivative by w and M that by w
    and p. Its inverse is the Neumann series H^-1 = r sum_j (1 - r H)^j, which needs r below 2 over H's largest eigenvalue
    to converge, cut off after a first term and `terms` more. Costs the forward and backward pass of either loss, and
    `terms` + 1 second backward passes through that of the training loss.

    Args:
        training: What the weights are thought to minimise.
        aim: What is differentiated.
        inner: Weights w, each with `requires_grad`.
        outer: Tensors p, each with `requires_grad`.
        rate: Factor r, above 0.
        terms: Terms after the first, at least 0.

    Returns:
        The gradient by each outer tensor, of its shape, without a graph.

    Source: Lorraine et al. 2020, arXiv:1911.02590, Algorithms 2 and 3. Differs in: nothing; the released code of AuxiLearn
        leaves the factor r out.
    """
    found = _gradients(aim(inner), [*inner, *outer])
    term, direct = found[: len(inner)], found[len(inner) :]
    slopes = _gradients(training(inner), inner, create_graph=True)
    total = term
    for _ in range(terms):
        curved = _gradients(_product(slopes, term), inner, retain_graph=True)
        term = _moved(term, curved, -rate)
        total = _moved(total, term, 1.0)
    return _moved(direct, _gradients(_product(slopes, total), outer), -rate)


def _gradients(
    loss: Tensor, tensors: Sequence[Tensor], *, create_graph: bool = False, retain_graph: bool | None = None
) -> list[Tensor]:
    """Return the gradient by each tensor, zeros where the loss does not depend on it."""
    return list(
        torch.autograd.grad(
            loss,
            tensors,
            create_graph=create_graph,
            retain_graph=retain_graph,
            allow_unused=True,
            materialize_grads=True,
        )
    )


def _product(ones: Sequence[Tensor], others: Sequence[Tensor]) -> Tensor:
    """Return the dot product () of two lists of tensors of equal shapes."""
    return torch.stack([(one * other).sum() for one, other in zip(ones, others, strict=True)]).sum()


def _moved(tensors: Sequence[Tensor], along: Sequence[Tensor], factor: float | Tensor) -> list[Tensor]:
    return [tensor + factor * part for tensor, part in zip(tensors, along, strict=True)]
