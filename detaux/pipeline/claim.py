"""Claims on jobs, so that two drivers on one store do not do the same work twice.

A claim is an empty file: its name tells its holder, its time of change is the heartbeat. A driver writes a file of its
own and only then looks for others, so of two that come at once at least one sees the other and steps back. Nobody
ever takes over a claim of another: one whose holder is dead or silent counts for nothing.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from detaux.core.folders import used_as
from detaux.pipeline.processes import is_dead, new_mark

HEARTBEAT_SECONDS = 5.0
STALE_SECONDS = 60.0
"""Silence after which a claim counts for nothing; clocks of machines that share a store must agree better than this."""


@contextmanager
def claimed(folder: Path, key: str) -> Iterator[bool]:
    """Claim a job for as long as the context lasts.

    Args:
        folder: Where the claims of a store lie.
        key: The job.

    Yields:
        True if the claim is ours; False if another living process holds one, or reached for it at the same time.

    Raises:
        LocationError: If no claim can be written there.
    """
    claim = _take(folder, key)
    if claim is None:
        yield False
        return
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(claim, stop), daemon=True)
    beat.start()
    try:
        yield True
    finally:
        stop.set()
        beat.join()
        claim.unlink(missing_ok=True)


def is_claimed(folder: Path, key: str) -> bool:
    """Say whether a living process holds a claim on a job, or is reaching for one."""
    return any(_is_living(claim, key) for claim in _claims(folder, key))


def _take(folder: Path, key: str) -> Path | None:
    """Write a claim and return it, or withdraw it and return None if there is another living one."""
    claim = folder / f"{key}.{new_mark()}"
    with used_as("--store", folder):
        folder.mkdir(parents=True, exist_ok=True)
        claim.touch(exist_ok=False)
    others = [other for other in _claims(folder, key) if other != claim]
    if any(_is_living(other, key) for other in others):
        claim.unlink(missing_ok=True)
        return None
    for void in others:
        with suppress(OSError):
            void.unlink()
    return claim


def _claims(folder: Path, key: str) -> list[Path]:
    return list(folder.glob(f"{key}.*"))


def _is_living(claim: Path, key: str) -> bool:
    """A pid may be given anew, after a reboot or much later, so the heartbeat counts on this machine too."""
    try:
        age = time.time() - claim.stat().st_mtime
    except FileNotFoundError:
        return False
    return age < STALE_SECONDS and not is_dead(claim.name.removeprefix(f"{key}."))


def _beat(claim: Path, stop: threading.Event) -> None:
    while not stop.wait(HEARTBEAT_SECONDS):
        with suppress(OSError):
            os.utime(claim)
