"""One sentence for each experiment, made from the numbers and true to them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from detaux.report.coverage import say_coverage
from detaux.report.table import Row
from detaux.report.wording import (
    SHORTFALLS,
    count,
    interval,
    is_null,
    listed,
    probability,
    show_setting,
    show_shortfalls,
    signed,
)

LEVEL = 0.05
"""A test is called significant below this."""
_MAX_TOLD = 4


def headlines(gains: pd.DataFrame) -> list[str]:
    """Say for each experiment what discovered labels did to test accuracy.

    Args:
        gains: What `gain_frame` returned.

    Returns:
        A sentence an experiment; where it has many settings, one that counts them, so that none is picked.
    """
    return [_headline(str(name), part) for name, part in gains.groupby("experiment", sort=False)]


def verdict(row: Row) -> str:
    """Say in words what a comparison shows.

    Args:
        row: With the columns of `estimate_difference`, and `p_holm`; those of `gain_frame` have them.
    """
    if row["n"] == 0:
        return "not run"
    if is_null(row["gain_low"]):
        return "too few runs or stage-one models for an interval"
    if row["gain_low"] <= 0 <= row["gain_high"]:
        return "interval includes 0"
    if not is_null(row["p_holm"]) and row["p_holm"] <= LEVEL:
        return f"a {'gain' if row['gain_low'] > 0 else 'loss'}, by interval and corrected test"
    return f"interval excludes 0, not significant ({_why_not(row)})"


def _why_not(row: Row) -> str:
    if row["smallest_p"] > LEVEL:
        pairs = count(row["units"], "independent pair")
        return f"of {pairs} no paired test has p under {probability(row['smallest_p'])}"
    return f"corrected p = {probability(row['p_holm'])}"


def _headline(experiment: str, part: pd.DataFrame) -> str:
    told = part[part["role"] == "discovered"].to_dict("records")
    if not told:
        return f"{experiment}: the suite has no arm of discovered labels here."
    if all(row["n"] == 0 for row in told):
        why = show_shortfalls({name: sum(row[name] for row in told) for name in SHORTFALLS})
        return f"{experiment}: no run on discovered labels has a gain{f' ({why})' if why else ''}."
    others = part[~part["role"].isin(["baseline", "discovered"]) & (part["n"] > 0)].to_dict("records")
    said = [_told(row) for row in told] if len(told) <= _MAX_TOLD else [_counted(told)]
    beside = (
        f"Beside them: {listed([_brief(row) for row in others])}." if 0 < len(others) <= _MAX_TOLD else ""
    )
    coverage = say_coverage(part[part["role"] == "discovered"])
    answer = f"{experiment}, test accuracy against single-task learning: {'; '.join(said)}."
    return " ".join(filter(None, [answer, beside, coverage]))


def _told(row: Row) -> str:
    if row["n"] == 0:
        return f"{show_setting(row)}: not run"
    ends = (
        f", nominal 95 % interval {interval(row['gain_low'], row['gain_high'])}"
        if not is_null(row["gain_low"])
        else ""
    )
    sharing = "" if not row["shared_models"] else f" on {count(row['models'], 'stage-one model')}"
    runs = count(row["n"], "run")
    return f"{show_setting(row)} {signed(row['gain_points'])} points{ends}, {runs}{sharing}{_none_found(row)}: {verdict(row)}"


def _none_found(row: Row) -> str:
    if not row["counted_n"]:
        return ""
    missed = row["counted_n"] - row["n"]
    return f" ({count(missed, 'more run')} found no task; counted as gain 0, {signed(row['counted_points'])} points)"


def _counted(rows: Sequence[Row]) -> str:
    gains = sum(row["gain_low"] > 0 for row in rows)
    losses = sum(row["gain_high"] < 0 for row in rows)
    untold = sum(is_null(row["gain_low"]) for row in rows)
    means = [row["gain_points"] for row in rows if row["n"]]
    return (
        f"of {count(len(rows), 'setting')} with discovered labels, {gains} have an interval above 0, {losses} below 0, "
        f"{len(rows) - gains - losses - untold} including 0 and {untold} none; {count(_num_significant(rows), 'difference')} "
        f"significant after correction; their mean gains run from "
        f"{signed(min(means))} to {signed(max(means))} points"
    )


def _num_significant(rows: Sequence[Row]) -> int:
    return sum(not is_null(row["p_holm"]) and row["p_holm"] <= LEVEL for row in rows)


def _brief(row: Row) -> str:
    return f"{show_setting(row)} {signed(row['gain_points'])}"
