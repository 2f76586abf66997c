"""Metrics by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from detaux.core.registry import Registry


class Metric(Protocol):
    """What is judged, what it is held against, and a seed for what must be drawn; named scores come out.

    A metric of codes against factors calls its first two parameters `codes` and `factors`.
    """

    def __call__(self, judged: NDArray[Any], against: NDArray[Any], /, *, seed: int) -> dict[str, float]:
        """Return the scores; one that cannot be had from these arrays is absent, never 0 or NaN."""


class LabelFreeMetric(Protocol):
    """A metric of codes alone, for data without factors as well; it calls what it takes `codes`."""

    def __call__(self, codes: NDArray[Any], /, *, seed: int) -> dict[str, float]:
        """Return the scores, as a `Metric` does."""


class ModelsMetric(Protocol):
    """A metric of several models' codes of the same images; it calls what it takes `codes_of_models`."""

    def __call__(self, codes_of_models: Sequence[NDArray[Any]], /, *, seed: int) -> dict[str, float]:
        """Return the scores, as a `Metric` does; those of one model end in its place among them."""


metrics: Registry[Callable[..., dict[str, float]]] = Registry("metrics", "detaux.metrics.scores")
"""Metrics of codes, clusters and predictions; each part is a `Metric`, `LabelFreeMetric` or `ModelsMetric`."""


def metrics_of_codes() -> tuple[str, ...]:
    """Return the names of the metrics that judge one model's codes (N, K, D), alone or against factors (N, F)."""
    return tuple(entry.name for entry in metrics if judged(entry.name) in {("codes", "factors"), ("codes",)})


def judged(name: str) -> tuple[str, ...]:
    """Return what a metric is called with before its seed: ("codes", "factors"), ("codes",) or other names.

    Raises:
        UnknownNameError: If no metric has that name.
    """
    parameters = inspect.signature(metrics.get(name)).parameters.values()
    return tuple(parameter.name for parameter in parameters if parameter.kind is not parameter.KEYWORD_ONLY)
