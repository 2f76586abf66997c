"""Shape and type checks of arrays at the doors of public functions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.floating[Any]]
"""Codes of images: (N, D) one subspace, or (N, K, D) all of them."""
Labels = NDArray[np.integer[Any]]
"""Class indices: (N,) of one task, or (N, F) of all factors."""


def check_rank(name: str, array: NDArray[Any], rank: int) -> None:
    """Check the number of axes of an array.

    Raises:
        ValueError: If it is not `rank`; the text gives the shape found.
    """
    if array.ndim != rank:
        raise ValueError(f"{name} must have {rank} axes, but its shape is {array.shape}")


def check_same_length(**arrays: NDArray[Any]) -> int:
    """Check that arrays agree on their first axis, and return its length.

    Raises:
        ValueError: If they differ, or are empty; the text gives each length.
    """
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) != 1 or 0 in lengths.values():
        raise ValueError(f"need equal, non-zero lengths, but found {lengths}")
    return next(iter(lengths.values()))


def check_finite(name: str, array: NDArray[Any]) -> None:
    """Check that an array holds neither NaN nor infinity.

    Raises:
        ValueError: If it does; the text counts them.
    """
    bad = int(np.size(array) - np.isfinite(array).sum())
    if bad:
        raise ValueError(f"{name} holds {bad} values that are not finite, of {np.size(array)}")
