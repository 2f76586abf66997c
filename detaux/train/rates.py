"""Learning rate and momentum as functions of the step alone, so that resuming needs no scheduler's state."""

from __future__ import annotations

import math
from dataclasses import dataclass

from detaux.train.options import FitOptions

_START_DIVISOR, _END_DIVISOR = 25.0, 25e4
_LOW_MOMENTUM, _HIGH_MOMENTUM = 0.85, 0.95
_MOMENTUM = 0.9
_STEP_FACTOR = 0.1


@dataclass(frozen=True, slots=True)
class Rates:
    """What the optimiser uses in one step."""

    learning_rate: float
    """Step size."""
    momentum: float
    """Adam's first beta; the momentum of SGD."""


def rates_at(step: int, options: FitOptions) -> Rates:
    """Return the rates of a step.

    Momentum is 0.9, but for `one_cycle`:

    - `constant`: the rate stays.
    - `one_cycle`: it rises and falls along cosines, momentum the other way (Smith and Topin 2019, arXiv:1708.07120, with
      torch's defaults for `OneCycleLR`): from a 25th of the rate, down to a 10,000th of that, momentum between 0.95
      and 0.85.
    - `cosine`: it falls along half a cosine, to 0 after the last step (Loshchilov and Hutter 2017, arXiv:1608.03983,
      equation 5, without restarts).
    - `step`: it is a tenth from half of the steps on, and a hundredth from three quarters (He et al. 2016,
      arXiv:1512.03385, section 4.2, on CIFAR-10).

    Args:
        step: 0 for the first, `options.steps - 1` for the last.
        options: Names the schedule and its highest rate.
    """
    match options.schedule:
        case "constant":
            return Rates(options.learning_rate, _MOMENTUM)
        case "cosine":
            return Rates(_cosine(options.learning_rate, 0, step / options.steps), _MOMENTUM)
        case "step":
            falls = (2 * step >= options.steps) + (4 * step >= 3 * options.steps)
            return Rates(options.learning_rate * _STEP_FACTOR**falls, _MOMENTUM)
        case "one_cycle":
            return _one_cycle(step, options)


def _one_cycle(step: int, options: FitOptions) -> Rates:
    top, peak = options.learning_rate, options.rise_share * options.steps - 1
    if step < peak:
        share = step / peak
        return Rates(_cosine(top / _START_DIVISOR, top, share), _cosine(_HIGH_MOMENTUM, _LOW_MOMENTUM, share))
    share = (step - peak) / (options.steps - 1 - peak)
    return Rates(_cosine(top, top / _END_DIVISOR, share), _cosine(_LOW_MOMENTUM, _HIGH_MOMENTUM, share))


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))
