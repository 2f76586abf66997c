"""Which subspace a model that was not told keeps the principal label in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.data.staging import stage
from detaux.disentangle.base import StageOneData, codes_of
from detaux.disentangle.model import Disentangler
from detaux.train.policy import Policy

_TINY = 1e-12


def principal_subspace(codes: NDArray[np.float32], labels: NDArray[np.int64]) -> int:
    """Return the subspace whose codes differ most between classes, as a share of their variance.

    Args:
        codes: Shape (N, K, D).
        labels: Principal class of each image, shape (N,).

    Returns:
        k in 0 to K - 1, the lowest of equals; a subspace without variance has share 0.
    """
    centred = codes - codes.mean(0, dtype=np.float64)
    classes, place, counts = np.unique(labels, return_inverse=True, return_counts=True)
    sums = np.zeros((len(classes), *codes.shape[1:]))
    np.add.at(sums, place, centred)
    between = (sums**2 / counts[:, None, None]).sum((0, 2))
    within_and_between = (centred**2).sum((0, 2))
    return int(np.argmax(between / (within_and_between + _TINY)))


def put_principal_first(
    model: Disentangler, data: StageOneData, index: NDArray[np.int64], policy: Policy
) -> None:
    """Make the subspace whose codes differ most between classes the first.

    Args:
        model: In eval mode, on `policy.device`.
        data: Images and principal labels.
        index: Images to tell it from, shape (n,).
        policy: Device and precision.
    """
    codes = codes_of(model, stage(data.dataset, index, policy.device), policy)
    model.put_first(principal_subspace(codes, data.labels[index]))
