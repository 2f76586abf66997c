"""A claim on a job, so that two drivers on one store do not do the same work twice."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detaux.pipeline.store import is_alive

HEARTBEAT_SECONDS = 5.0
STALE_SECONDS = 60.0
_CLAIM = "claim.json"


@contextmanager
def claimed(work: Path) -> Iterator[bool]:
    """Claim the job of a work folder for as long as the context lasts.

    Yields:
        True if the claim is ours; False if another living process holds it.
    """
    work.mkdir(parents=True, exist_ok=True)
    if not _take(work / _CLAIM):
        yield False
        return
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(work / _CLAIM, stop), daemon=True)
    beat.start()
    try:
        yield True
    finally:
        stop.set()
        beat.join()
        (work / _CLAIM).unlink(missing_ok=True)


def is_claimed(work: Path) -> bool:
    """Say whether a living process holds the claim: on this machine by its pid, elsewhere by its heartbeat."""
    try:
        holder = json.loads((work / _CLAIM).read_text())
        age = time.time() - (work / _CLAIM).stat().st_mtime
    except (OSError, ValueError):
        return False
    if holder["host"] == socket.gethostname():
        return is_alive(holder["pid"])
    return age < STALE_SECONDS


def _take(claim: Path) -> bool:
    if is_claimed(claim.parent):
        return False
    claim.unlink(missing_ok=True)
    try:
        with claim.open("x") as stream:
            json.dump({"host": socket.gethostname(), "pid": os.getpid()}, stream)
    except FileExistsError:
        return False
    return True


def _beat(claim: Path, stop: threading.Event) -> None:
    while not stop.wait(HEARTBEAT_SECONDS):
        if claim.exists():
            os.utime(claim)
