"""What an auxiliary task wants of stages one and two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovery:
    """Labels of stage two, and where its job or stage one's is to differ from the suite's settings.

    A source of labels that changes nothing has the discovered task itself.
    """

    method: Mapping[str, Any] = field(default_factory=dict)
    """A disentangler in place of the suite's, as a job's config names it; empty for the suite's own."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Entries of stage two's config in place of the suite's, such as `{"subspace": {"name": "worst"}}`."""
