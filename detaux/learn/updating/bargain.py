"""The Nash bargain between tasks: weights that are each 1 over the progress of their task."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_MOST_STEPS = 200
_NEAR = 0.25
"""Newton decrement below which whole steps converge."""
_CONVERGED = 1e-8


class NashRule:
    """Weights from dot products, by the bargain over these every few steps.

    Args:
        max_norm: Longest update; 0 for any.
        update_weights_every: After how many steps a new bargain is made.
    """

    def __init__(self, max_norm: float, update_weights_every: int) -> None:
        self._max_norm, self._every = max_norm, update_weights_every
        self._alpha, self._step = torch.empty(0), torch.tensor(0)

    def __call__(self, gramian: Tensor) -> Tensor:
        """Return the weights (T,) for dot products (T, T).

        Raises:
            ValueError: If there is no bargain.
        """
        if self._step % self._every == 0:
            scaled = (
                gramian.double().numpy() / gramian.norm().clamp(min=torch.finfo(gramian.dtype).tiny).item()
            )
            self._alpha = torch.from_numpy(bargain(scaled)).to(gramian)
        self._step = self._step + 1
        length = (self._alpha @ gramian @ self._alpha).clamp(min=0).sqrt()
        return self._alpha * (self._max_norm / length if 0 < self._max_norm < length else 1)


def bargain(gramian: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve G a = 1 / a for a > 0: the least of a' G a / 2 - sum(log a), which is convex, by damped Newton steps.

    Args:
        gramian: Dot products G of the gradients (T, T).

    Returns:
        The weights a (T,).

    Raises:
        ValueError: If there are none, as some mean of the gradients is 0: no update serves every task.

    Source: Navon et al. 2022, arXiv:2202.01017, Section 3. Differs in: solved as one convex problem, where their
        Algorithm 1 solves a row of approximations.
    """
    squares = np.diag(gramian)
    if not (squares > 0).all():
        raise ValueError("a task has no gradient")
    weights: NDArray[np.float64] = 1 / np.sqrt(len(squares) * squares)
    for _ in range(_MOST_STEPS):
        slope = gramian @ weights - 1 / weights
        step = np.linalg.solve(gramian + np.diag(weights**-2), slope)
        decrement = np.sqrt(max(float(slope @ step), 0.0))
        if decrement < _CONVERGED:
            return weights
        weights = weights - step / (1 + decrement if decrement > _NEAR else 1)
    raise ValueError("no update serves every task")
