"""What metrics of codes and factors share at their doors: checks and samples."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels, check_finite, check_rank, check_same_length
from detaux.core.seeding import derive_seed


class TooFewSamplesWarning(UserWarning):
    """A metric got fewer samples than its estimate needs; the score stands, but not firmly."""


def check_codes_and_factors(codes: Codes, factors: Labels) -> None:
    """Check codes (N, D) or (N, K, D) and factors (N, F).

    Raises:
        ValueError: If the axes do not fit, lengths differ or are 0, or codes are not finite.
    """
    if codes.ndim not in {2, 3}:
        raise ValueError(f"codes must have shape (N, D) or (N, K, D), but their shape is {codes.shape}")
    check_rank("factors", factors, 2)
    check_same_length(codes=codes, factors=factors)
    check_finite("codes", codes)


def check_labels(**labels: Labels) -> None:
    """Check that labels are of shape (N,) and equally long.

    Raises:
        ValueError: If they are not, or are empty.
    """
    for name, array in labels.items():
        check_rank(name, array, 1)
    check_same_length(**labels)


def draw(count: int, at_most: int, *, metric: str, seed: int) -> NDArray[np.int64]:
    """Draw up to `at_most` of `count` positions in random order, without replacement."""
    return np.random.default_rng(derive_seed("metrics", metric, seed)).permutation(count)[:at_most]


def warn_below(floor: int, count: int, *, metric: str) -> None:
    """Warn with `TooFewSamplesWarning` if there are fewer than `floor` samples."""
    if count < floor:
        text = f"{metric}: {count} samples, but under {floor} its estimate is biased; read it with care"
        warnings.warn(text, TooFewSamplesWarning, stacklevel=3)


def varying(factors: Labels) -> NDArray[np.int64]:
    """Return the factors that take more than one value, each as class indices 0, 1, ... without gaps.

    Args:
        factors: Factor values, shape (N, F), int.

    Returns:
        Class indices, shape (N, G), G at most F: a factor of one value is none of these samples.

    Raises:
        ValueError: If none varies.
    """
    columns = [np.unique(column, return_inverse=True)[1] for column in factors.T]
    kept = [column for column in columns if column.any()]
    if not kept:
        raise ValueError(
            f"none of the {factors.shape[1]} factors takes more than one value in {len(factors)} samples"
        )
    return np.stack(kept, axis=1)
