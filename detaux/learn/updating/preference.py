"""How much an auxiliary task counts against the principal one, for rules that take a preference."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.core.bounds import check_weight


@dataclass(frozen=True, kw_only=True, slots=True)
class PreferenceOptions:
    """Options of rules that combine gradients by a preference."""

    preference: float = 1.0
    """Of each auxiliary task, at least 0; the principal task has 1. Only their shares of the sum count."""

    def __post_init__(self) -> None:
        """Check the preference.

        Raises:
            ValueError: If it is out of its range.
        """
        check_weight("preference", self.preference)
