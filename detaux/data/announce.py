"""Progress on the error stream, for preparations that nobody else watches."""

from __future__ import annotations

import sys
import time

_QUIET_SECONDS = 2.0


class Announcer:
    """A `Progress` that writes a line to stderr, at most one in two seconds and none in the first two."""

    def __init__(self) -> None:
        self._spoke = time.monotonic()

    def __call__(self, share: float, text: str) -> None:
        """Tell how far the work is; see `detaux.core.progress`."""
        now = time.monotonic()
        if now - self._spoke >= _QUIET_SECONDS:
            self._spoke = now
            sys.stderr.write(f"{text}: {share:.0%}\n")
            sys.stderr.flush()
