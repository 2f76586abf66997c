"""How long work tells how far it is, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Called with the share done in [0, 1] and a few words, as often as the work likes."""


def silent(share: float, text: str) -> None:
    """Tell nobody: the progress of work that nobody watches."""
