"""Metrics by name."""

from __future__ import annotations

import inspect
from typing import Any, Protocol

from numpy.typing import NDArray

from detaux.core.registry import Registry


class Metric(Protocol):
    """What is judged, what it is held against, and a seed for what must be drawn; named scores come out.

    A metric of codes against factors calls its first two parameters `codes` and `factors`.
    """

    def __call__(self, judged: NDArray[Any], against: NDArray[Any], /, *, seed: int) -> dict[str, float]:
        """Return the scores; one that cannot be had from these arrays is absent, never 0 or NaN."""


metrics: Registry[Metric] = Registry("metrics", "detaux.metrics.scores")
"""Metrics of codes, clusters and predictions; each part is a function."""


def metrics_of_codes() -> tuple[str, ...]:
    """Return the names of the metrics that judge codes (N, K, D) against factors (N, F)."""
    return tuple(
        entry.name
        for entry in metrics
        if tuple(inspect.signature(entry.part).parameters)[:2] == ("codes", "factors")
    )
