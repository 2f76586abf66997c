"""What label-free metrics check at their doors."""

from __future__ import annotations

from detaux.core.checks import Codes, check_same_length
from detaux.metrics.inputs import check_codes


def check_codes_alone(codes: Codes) -> None:
    """Check codes (N, D) or (N, K, D).

    Raises:
        TypeError: If they are no numpy array.
        ValueError: If they have other axes, no sample, or are refused by `check_codes`.
    """
    check_codes(codes)
    if codes.ndim not in {2, 3}:
        raise ValueError(f"codes must have shape (N, D) or (N, K, D), but their shape is {codes.shape}")
    check_same_length(codes=codes)
