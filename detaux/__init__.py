"""Detaux Bench: do discovered auxiliary tasks help, and does disentanglement tell when?

The public interface; each name is loaded when first used, so that `import detaux` is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detaux.data import load_dataset
    from detaux.metrics import compute_metric
    from detaux.suite import load_results, load_suite, run_suite

__all__ = ["compute_metric", "load_dataset", "load_results", "load_suite", "run_suite"]
__version__ = "0.1.0"

_HOMES = {
    "compute_metric": "detaux.metrics",
    "load_dataset": "detaux.data",
    "load_results": "detaux.suite",
    "load_suite": "detaux.suite",
    "run_suite": "detaux.suite",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'detaux' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
