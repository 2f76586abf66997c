"""What metrics of codes and factors share at their doors: checks and samples."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels, check_finite, check_rank, check_same_length
from detaux.core.seeding import derive_seed

_SMALLEST, _LARGEST = 1e-100, 1e100


class TooFewSamplesWarning(UserWarning):
    """A metric got fewer samples than its estimate needs; the score stands, but not firmly."""


def check_codes(codes: Codes) -> None:
    """Check that codes are real numbers of sizes that can be squared.

    Raises:
        TypeError: If they are no numpy array.
        ValueError: If they are of another kind, have no axis or an empty one, are not finite, or a coordinate's
            largest size is neither 0 nor from 1e-100 to 1e100.
    """
    _check_kind("codes", codes, "biuf", "real numbers")
    if codes.ndim == 0 or 0 in codes.shape[1:]:
        raise ValueError(f"codes need at least one coordinate, but their shape is {codes.shape}")
    check_finite("codes", codes)
    sizes = np.abs(codes.astype(np.float64)).max(axis=0, initial=0)
    strange = sizes[(sizes > 0) & ~((sizes >= _SMALLEST) & (sizes <= _LARGEST))]
    if len(strange):
        raise ValueError(
            f"codes have a coordinate whose largest size is {strange[0]:.3g}; "
            f"scale it to lie between {_SMALLEST:g} and {_LARGEST:g}, where squares keep their digits"
        )


def check_classes(name: str, array: Labels) -> None:
    """Check that an array holds integers, or truth values, which are 0 and 1.

    Raises:
        TypeError: If it is no numpy array.
        ValueError: If it holds anything else, whole floats included.
    """
    _check_kind(name, array, "biu", "integers")


def check_codes_and_factors(codes: Codes, factors: Labels) -> None:
    """Check codes (N, D) or (N, K, D) and factors (N, F).

    Raises:
        TypeError: If one is no numpy array.
        ValueError: If the axes do not fit, lengths differ or are 0, factors are no integers, or codes are refused
            by `check_codes`.
    """
    check_codes(codes)
    check_classes("factors", factors)
    if codes.ndim not in {2, 3}:
        raise ValueError(f"codes must have shape (N, D) or (N, K, D), but their shape is {codes.shape}")
    check_rank("factors", factors, 2)
    check_same_length(codes=codes, factors=factors)


def check_labels(**labels: Labels) -> None:
    """Check that labels are integers of shape (N,) and equally long.

    Raises:
        TypeError: If one is no numpy array.
        ValueError: If they are not, or are empty.
    """
    for name, array in labels.items():
        check_classes(name, array)
        check_rank(name, array, 1)
    check_same_length(**labels)


def check_seed(seed: int) -> int:
    """Return a seed as Python's integer, whose draws are those of numpy's of the same value.

    Raises:
        ValueError: If it is no integer, or negative.
    """
    is_integer = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
    if not is_integer or seed < 0:
        raise ValueError(f"seed must be an integer of at least 0, found {seed!r}")
    return int(seed)


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


def _check_kind(name: str, array: NDArray[Any], kinds: str, what: str) -> None:
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} must be a numpy array, found {type(array).__name__}")
    if array.dtype.kind not in kinds:
        raise ValueError(f"{name} must hold {what}, but they are of type {array.dtype}")
