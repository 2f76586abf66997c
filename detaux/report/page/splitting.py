"""Which rule parted the images, with its options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from detaux.report.wording import is_null, listed, show_options

_COLUMN = "data.split."


def say_split(runs: pd.DataFrame, described: Mapping[str, Any]) -> str:
    """Name the split and its options, values held out by their names where they have one.

    Args:
        runs: Rows of `runs_frame` of one experiment; its columns know the options that are left at their defaults.
        described: What the store says of their data; it may be empty.

    Returns:
        As `hold_out, domain = sketch, validation 0.1`; empty where neither knows of a split.
    """
    options = _recorded(runs) | described.get("split", {})
    name = options.pop("name", "")
    held_out = _held_out(options, described.get("value_names", {}))
    return ", ".join(filter(None, [name, held_out, show_options(options)]))


def _recorded(runs: pd.DataFrame) -> dict[str, Any]:
    first = runs.iloc[0].to_dict()
    found = {str(column): value for column, value in first.items() if not is_null(value)}
    return {
        column.removeprefix(_COLUMN): value for column, value in found.items() if column.startswith(_COLUMN)
    }


def _held_out(options: dict[str, Any], value_names: Mapping[str, list[str]]) -> str:
    """Take a factor and its values out of the options, and write both as one."""
    if not isinstance(options.get("values"), list) or "factor" not in options:
        return ""
    factor, values = options.pop("factor"), options.pop("values")
    names = dict(enumerate(value_names.get(factor, [])))
    return f"{factor} = {listed([names.get(value, str(value)) for value in values])}"
