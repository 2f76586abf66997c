"""Learning rate and momentum as functions of the step alone, so that resuming needs no scheduler's state."""

from __future__ import annotations

import math
from dataclasses import dataclass

from detaux.train.options import FitOptions

_START_DIVISOR, _END_DIVISOR = 25.0, 25e4
_LOW_MOMENTUM, _HIGH_MOMENTUM = 0.85, 0.95
_MOMENTUM = 0.9


@dataclass(frozen=True, slots=True)
class Rates:
    """What the optimiser uses in one step."""

    learning_rate: float
    """Step size."""
    momentum: float
    """Adam's first beta."""


def rates_at(step: int, options: FitOptions) -> Rates:
    """Return the rates of a step.

    Args:
        step: 0 for the first, `options.steps - 1` for the last.
        options: Names the schedule and its highest rate.

    Source: Smith and Topin 2019, arXiv:1708.07120, with torch's defaults for `OneCycleLR`: from a 25th of the
        rate, down to a 10,000th of that, momentum between 0.95 and 0.85. Differs in: nothing.
    """
    if options.schedule == "constant":
        return Rates(options.learning_rate, _MOMENTUM)
    top, peak = options.learning_rate, options.rise_share * options.steps - 1
    if step < peak:
        share = step / peak
        return Rates(_cosine(top / _START_DIVISOR, top, share), _cosine(_HIGH_MOMENTUM, _LOW_MOMENTUM, share))
    share = (step - peak) / (options.steps - 1 - peak)
    return Rates(_cosine(top, top / _END_DIVISOR, share), _cosine(_LOW_MOMENTUM, _HIGH_MOMENTUM, share))


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))
