"""Names of files that belong to one process, from which others tell whether it still runs."""

from __future__ import annotations

import os
import socket
import uuid


def new_mark() -> str:
    """Return a part of a file name that is given once: `<host>-<process>.<random>`."""
    return f"{_host()}-{os.getpid()}.{uuid.uuid4().hex[:8]}"


def is_dead(mark: str) -> bool:
    """Say whether the process of a mark is known to be gone; of other machines' processes nothing is known."""
    host, _, process = mark.split(".", maxsplit=1)[0].rpartition("-")
    return host == _host() and process.isdigit() and not _is_running(int(process))


def _host() -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in socket.gethostname())


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
