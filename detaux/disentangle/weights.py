"""Weights of loss terms that a suite may write."""

from __future__ import annotations

MOST = 1e6
"""Beyond it losses overflow."""


def check_weight(name: str, value: float) -> None:
    """Check the weight of a loss term.

    Raises:
        ValueError: If it is negative, above a million, or no number.
    """
    if not 0 <= value <= MOST:
        raise ValueError(f"{name} must be at least 0 and at most {MOST:,.0f}, but is {value}")
