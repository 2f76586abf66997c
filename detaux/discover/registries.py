"""Criteria and clusterings by name."""

from __future__ import annotations

from detaux.core.registry import Registry
from detaux.discover.base import Clustering, Criterion

criteria: Registry[type[Criterion]] = Registry("criteria", "detaux.discover.criteria")
"""Rules that choose the subspace; each part is a frozen dataclass of its options."""

clusterings: Registry[type[Clustering]] = Registry("clusterings", "detaux.discover.clusterings")
"""Ways to cluster a subspace's codes; each part is a frozen dataclass of its options."""
