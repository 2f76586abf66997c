"""How often a nominal 95 % interval holds the truth: with few independent pairs, less often than 95 %."""

from __future__ import annotations

import numpy as np
import pandas as pd

from detaux.report.wording import percent

_HELD = {3: 0.75, 4: 0.80, 5: 0.84, 6: 0.86, 7: 0.87, 8: 0.89, 10: 0.90, 15: 0.92, 20: 0.93, 30: 0.93}
"""Share of simulated samples of normal differences, by their size, whose `mean_interval` held the true mean.

12,000 samples or more each, so that a share is right within half a point. At 3 it is exactly 3/4: there the interval
reaches from the smallest difference to the largest, and misses where all three lie on one side of the truth.
"""
_KEPT_PAIR = 2
"""Runs of two models, which are both kept in every draw, are worth this many fewer (simulated too)."""


def held_share(pairs: int) -> float:
    """Return how often a nominal 95 % interval of this many independent pairs holds the truth, in [0, 1].

    Between the simulated counts it is interpolated; beyond the last it stays as it is there.
    """
    return float(np.interp(pairs, list(_HELD), list(_HELD.values())))


def say_coverage(frame: pd.DataFrame) -> str:
    """Say how often the intervals of a frame hold the truth.

    Args:
        frame: With the columns of `estimate_difference`.

    Returns:
        A sentence; empty where no row has an interval.
    """
    known = frame[frame["gain_low"].notna()] if len(frame) else frame
    if known.empty:
        return ""
    pairs = dict.fromkeys(map(str, _ends(known["units"])))
    held = map(
        held_share, _ends(known["units"] - _KEPT_PAIR * (known["conditional"] & (known["models"] > 1)))
    )
    shares = dict.fromkeys(percent(share).removesuffix(" %") for share in held)
    return (
        f"With {' to '.join(pairs)} independent pairs a nominal 95 % bootstrap interval holds the truth about "
        f"{' to '.join(shares)} % of the time (normal differences, simulated)."
    )


def _ends(values: pd.Series[int]) -> tuple[int, int]:
    return int(values.min()), int(values.max())
