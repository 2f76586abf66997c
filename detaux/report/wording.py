"""Numbers and counts as a reader wants them, said the same way in every table, figure and sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

NOTHING = "\N{EN DASH}"
"""Stands where there is no number."""
MINUS, TIMES, RHO = "\N{MINUS SIGN}", "\N{MULTIPLICATION SIGN}", "\N{GREEK SMALL LETTER RHO}"
_TINY_P = 0.001
SHORTFALLS = {
    "no_auxiliary_task": "found no task",
    "error": "failed",
    "skipped": "skipped",
    "damaged": "damaged",
    "missing": "missing",
}
"""What is said of planned runs without a score, by their status."""


def is_null(value: Any) -> bool:
    """Say whether a cell of a frame holds nothing: None, NaN or NA."""
    return bool(pd.isna(value))


def number(value: Any, digits: int = 1) -> str:
    """Write a number with fixed decimals and a true minus sign; a dash where there is none."""
    if is_null(value):
        return NOTHING
    text = f"{value:.{digits}f}"
    return text.replace("-", MINUS if float(text) else "")


def brief(value: Any) -> str:
    """Write a number of any size with four digits at most."""
    return NOTHING if is_null(value) else f"{value:.4g}".replace("-", MINUS)


def signed(value: Any, digits: int = 1) -> str:
    """Write a difference with its sign."""
    if is_null(value):
        return NOTHING
    text = number(value, digits)
    return f"+{text}" if value > 0 and float(f"{value:.{digits}f}") else text


def interval(low: Any, high: Any, *, digits: int = 1) -> str:
    """Write an interval as `[low, high]`."""
    if is_null(low) or is_null(high):
        return NOTHING
    return f"[{number(low, digits)}, {number(high, digits)}]"


def probability(value: Any) -> str:
    """Write a p value with three decimals at most."""
    if is_null(value):
        return NOTHING
    return f"<{_TINY_P}" if value < _TINY_P else f"{value:.3f}" if value < 0.1 else f"{value:.2f}"  # noqa: PLR2004 - below a tenth the third decimal tells


def percent(value: Any, digits: int = 0) -> str:
    """Write a fraction in [0, 1] as per cent."""
    return NOTHING if is_null(value) else f"{number(100 * value, digits)} %"


def count(value: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun: `1 run`, `3 runs`."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def listed(words: list[str]) -> str:
    """Write words as a list within a sentence: `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def show_options(options: Mapping[str, Any]) -> str:
    """Write options with their values, those left open or empty aside: `validation 0.1, factors shape and scale`."""
    shown = {name: "" if value is None else _show_value(value) for name, value in options.items()}
    return ", ".join(f"{name} {value}" for name, value in shown.items() if value)


def _show_value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return listed([_show_value(item) for item in value])
    return f"{value:g}" if isinstance(value, float) else str(value)


def text(value: Any) -> str:
    """Write any value as it is; a dash where there is none."""
    return NOTHING if is_null(value) or value == "" else str(value)


def show_interval(row: Mapping[Any, Any]) -> str:
    """Write the interval of a comparison with the mark of its note; say so where there is too little for one."""
    if row["n"] and is_null(row["gain_low"]):
        return "too few models" if row["n"] >= 3 else "too few runs"  # noqa: PLR2004 - under three runs there is none
    mark = "‡" if row["conditional"] else "†" if row["shared_models"] else ""
    return interval(row["gain_low"], row["gain_high"]) + (mark if row["n"] else "")


def show_setting(row: Mapping[Any, Any]) -> str:
    """Write an arm with its setting: `detaux (strength 1)`."""
    return f"{row['arm']} ({row['setting']})" if row["setting"] else str(row["arm"])


def show_shortfalls(row: Mapping[Any, Any]) -> str:
    """Write how many planned runs have no score, and why: `2 found no task, 1 failed`; empty where all have one."""
    return ", ".join(f"{row[status]} {words}" for status, words in SHORTFALLS.items() if row[status])


def show_wins(row: Mapping[Any, Any]) -> str:
    """Write how many runs of a comparison came out better, the same and worse."""
    return f"{row['wins']} / {row['ties']} / {row['losses']}" if row["n"] else NOTHING
