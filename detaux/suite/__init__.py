"""Suites: the file format, its expansion into a job graph, executors, and collection into tables.

A suite is read by `load_suite`, run by `run_suite`, and its tables are read by `load_results`. Inside, a file
becomes a `Document` (values that know their line), its blocks are checked and multiplied into `Choice`s, these
into `Run`s and a `JobGraph`, which an executor works through against a store.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detaux.suite.api import Results, find_suites, load_results, load_suite, run_suite

__all__ = ["Results", "find_suites", "load_results", "load_suite", "run_suite"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'detaux.suite' has no attribute {name!r}")
    return getattr(importlib.import_module("detaux.suite.api"), name)
