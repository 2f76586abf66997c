"""How many threads a computation may start."""

from __future__ import annotations

import os

from threadpoolctl import threadpool_info  # type: ignore[import-untyped]  # it has no types


def granted_threads(most: int) -> int:
    """Return how many threads to start: at most the cores, and what numpy's or torch's are limited to; at least 1.

    Args:
        most: Pieces of work, at least 1.
    """
    granted: list[int] = [library["num_threads"] for library in threadpool_info()]
    return max(1, min([most, os.cpu_count() or 1, *granted]))
