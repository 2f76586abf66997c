"""A word on stderr where work takes long, so that nobody takes it for stuck."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_QUIET_SECONDS = 2.0


@contextmanager
def announced(text: str) -> Iterator[None]:
    """Write a line to stderr if the work within takes over two seconds."""
    timer = threading.Timer(_QUIET_SECONDS, _say, [text])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
