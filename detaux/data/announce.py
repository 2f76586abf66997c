"""Progress on the error stream, for preparations that nobody else watches."""

from __future__ import annotations

import sys
import time

_QUIET_SECONDS = 2.0


class Announcer:
    """A `Progress` that writes a line to stderr for each tenth of the work.

    There is none in the first two seconds, and at most one in two seconds.
    """

    def __init__(self) -> None:
        self._spoke = time.monotonic()
        self._told: tuple[str, int] | None = None

    def __call__(self, share: float, text: str) -> None:
        """Tell how far the work is; see `detaux.core.progress`."""
        now = time.monotonic()
        tenth = (text, int(share * 10))
        if now - self._spoke >= _QUIET_SECONDS and tenth != self._told:
            self._spoke, self._told = now, tenth
            sys.stderr.write(f"{text}: {share:.0%}\n")
            sys.stderr.flush()
