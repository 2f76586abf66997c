"""The course of a training, thinned for the tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any

POINTS = 20
"""Most points of a term that the tables hold of a run."""


def thin_losses(losses: Sequence[Mapping[str, float]]) -> Iterator[dict[str, Any]]:
    """Average neighbouring rows of a history, so that `POINTS` are left at most.

    Args:
        losses: Rows with `step` and a value a term, as in `History.losses`; a row may lack terms.

    Yields:
        `step` (the last of those averaged), `term` and `value` (mean over the rows that have the term).
    """
    size = math.ceil(len(losses) / POINTS)
    for start in range(0, len(losses), size or 1):
        rows = losses[start : start + size]
        for term in dict.fromkeys(name for row in rows for name in row if name != "step"):
            value = fmean(row[term] for row in rows if term in row)
            yield {"step": int(rows[-1]["step"]), "term": term, "value": value}
