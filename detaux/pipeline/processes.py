"""Names of files that belong to one process, from which others tell whether it still runs."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import uuid
from pathlib import Path

_MARK = re.compile(r"(?P<host>\w+)-(?P<process>\d+)(?:-(?P<start>\d+))?\.\w+")
_GONE = ("Z", "X")
_BOOT, _NAMESPACE = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
_STATE, _START = 0, 19
"""Places in `/proc/<process>/stat` behind the name, which is in parentheses and may hold spaces."""


def new_mark() -> str:
    """Return a part of a file name that is given once: `<host>-<process>-<start>.<random>`.

    The start of the process, in ticks since boot, tells it from a later one of the same number; it is left out where
    the system does not say it.
    """
    _, start = _look_up(os.getpid())
    return f"{_host()}-{os.getpid()}{f'-{start}' if start else ''}.{uuid.uuid4().hex[:8]}"


def is_dead(mark: str) -> bool:
    """Say whether the process of a mark is known to be gone.

    Of processes of other machines, other containers and an earlier boot nothing is known.
    """
    found = _MARK.fullmatch(mark)
    if found is None or found["host"] != _host():
        return False
    return not _is_running(int(found["process"]), found["start"])


def _host() -> str:
    """Return the host's name, and a hash of what its process numbers belong to.

    Containers may share a name and count their processes each from one; after a reboot they are counted anew.
    """
    name = "".join(letter if letter.isalnum() else "_" for letter in socket.gethostname())
    return f"{name}_{hashlib.sha256(_numbering().encode()).hexdigest()[:8]}"


def _numbering() -> str:
    """Return boot and process namespace; empty where the system does not say them."""
    try:
        return f"{_BOOT.read_text()}{_NAMESPACE.readlink()}"
    except OSError:
        return ""


def _is_running(process: int, start: str | None) -> bool:
    """Say whether a process runs; one that ended and was not yet waited for does not."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    state, started = _look_up(process)
    return state not in _GONE and (not start or not started or start == started)


def _look_up(process: int) -> tuple[str, str]:
    """Return the state of a process and its start; empty where the system does not say."""
    try:
        words = Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return "", ""
    return words[_STATE], words[_START]
