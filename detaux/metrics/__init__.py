"""Arrays in, named scores out: one metric a file in `scores`, and what a few seeds allow one to say of them.

Nothing here knows a model, a file or torch. Scores are fractions. Estimates with their uncertainty live in
`intervals`, tests in `significance`.
"""

from detaux.metrics.compute import compute_metric, compute_metrics
from detaux.metrics.inputs import TooFewSamplesWarning
from detaux.metrics.registry import Metric, metrics

__all__ = ["Metric", "TooFewSamplesWarning", "compute_metric", "compute_metrics", "metrics"]
