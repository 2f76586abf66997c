"""Which subspace a model that was not told keeps the principal label in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.data.corrupting import Corruption
from detaux.data.noisy import with_fixed_noise
from detaux.data.staging import stage
from detaux.disentangle.base import StageOneData, codes_of
from detaux.disentangle.model import Disentangler
from detaux.train.policy import Policy

_TINY = 1e-12
_MOST_IMAGES = 10_000


def principal_subspace(codes: NDArray[np.float32], labels: NDArray[np.int64]) -> int:
    """Return the subspace whose codes differ most between classes, as a share of their variance.

    Args:
        codes: Shape (N, K, D).
        labels: Principal class of each image, shape (N,).

    Returns:
        k in 0 to K - 1, the lowest of equals; a subspace without variance has share 0.
    """
    classes, place = np.unique(labels, return_inverse=True)
    return int(np.argmax([_share(block, place, len(classes)) for block in codes.transpose(1, 0, 2)]))


def _share(codes: NDArray[np.float32], place: NDArray[np.intp], num_classes: int) -> float:
    """Return the share of the variance of one subspace's codes (N, D) that lies between classes (N,)."""
    centred = codes - codes.mean(0, dtype=np.float64)
    sums = np.zeros((num_classes, codes.shape[1]))
    np.add.at(sums, place, centred)
    between = (sums**2 / np.bincount(place)[:, None]).sum()
    return float(between / ((centred**2).sum() + _TINY))


def put_principal_first(
    model: Disentangler,
    data: StageOneData,
    pool: NDArray[np.int64],
    noise: Corruption,
    *,
    seed: int,
    policy: Policy,
) -> None:
    """Make the subspace whose codes differ most between classes the first.

    Args:
        model: In eval mode, on `policy.device`.
        data: Images and principal labels.
        pool: Images to tell it from, shape (N,), or 10,000 of them.
        noise: On the images, one draw each, as on those whose codes are kept.
        seed: Seed of the draw.
        policy: Device and precision.
    """
    index = _spread(pool)
    images = with_fixed_noise(stage(data.dataset, index, policy.device), noise, seed=seed)
    codes = codes_of(model, images, policy)
    model.put_first(principal_subspace(codes, data.labels[index]))


def _spread(pool: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return up to 10,000 of the images of a pool, evenly spread: a grid's first rows may be of one class."""
    return pool[np.linspace(0, len(pool) - 1, min(len(pool), _MOST_IMAGES)).astype(np.int64)]
