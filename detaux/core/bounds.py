"""Ranges of the numbers that a suite may write."""

from __future__ import annotations

_MOST_WEIGHT = 1_000_000


def check_range(name: str, value: float, least: float, most: float) -> None:
    """Check that an option lies between two numbers, both allowed.

    Raises:
        ValueError: If it does not, or is no number.
    """
    if not least <= value <= most:
        raise ValueError(f"{name} must be at least {least:,} and at most {most:,}, but is {value}")


def check_weight(name: str, value: float) -> None:
    """Check the weight of a loss term: beyond a million losses overflow.

    Raises:
        ValueError: If it is negative, above a million, or no number.
    """
    check_range(name, value, 0, _MOST_WEIGHT)
