"""The Ray cluster that jobs run on: found at an address, or started on this machine."""

from __future__ import annotations

import logging
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from detaux.core.errors import DetauxError

_ANSWER_SECONDS = 10.0
_OBJECT_STORE_BYTES = 80_000_000
_WORDS = ("auto", "local")
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AIR_NEW_OUTPUT": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "1",
    "RAY_CHDIR_TO_TRIAL_DIR": "0",
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "TUNE_DISABLE_AUTO_CALLBACK_LOGGERS": "1",
    "TUNE_PRINT_ALL_TRIAL_ERRORS": "0",
    "TUNE_GLOBAL_CHECKPOINT_S": "1000000000",
}


@contextmanager
def cluster(address: str | None = None, *, num_cpus: int | None = None) -> Iterator[None]:
    """Connect to a cluster for a while, or start one of this machine; one that is there already is used and left.

    Raises:
        DetauxError: If there is no cluster at the address, it wants a token, or it is no address.
    """
    os.environ.update({name: value for name, value in _QUIET.items() if name not in os.environ})
    if address is None:
        os.environ.setdefault("RAY_AUTH_MODE", "disabled")  # an own cluster listens on loopback alone
    else:
        _check_address(address)
    import ray

    if ray.is_initialized():
        yield
        return
    try:
        ray.init(**_init_options(address, num_cpus))
    except (ConnectionError, RuntimeError) as fault:
        hint = "is it running, and does it want a token (RAY_AUTH_MODE=token, RAY_AUTH_TOKEN_PATH)?"
        raise DetauxError(f"no Ray cluster at {address or 'this machine'}: {fault}; {hint}") from fault
    try:
        yield
    finally:
        ray.shutdown()


def _check_address(address: str) -> None:
    if ":" in address:
        _check_answers(address)
    elif address not in _WORDS:
        raise DetauxError(
            f"--address {address!r} is no address; write host:port, ray://host:port or 'auto', or leave it out"
        )


def _check_answers(address: str) -> None:
    """Knock at `host:port` or `ray://host:port`, since Ray itself would try for minutes without a word.

    Raises:
        DetauxError: If nobody answers, or there is no port.
    """
    host, _, port = address.rpartition("://")[2].rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWER_SECONDS).close()
    except (OSError, ValueError, OverflowError) as fault:
        raise DetauxError(
            f"no Ray cluster at {address}: {fault}; start one with `ray start --head`, or leave --address out"
        ) from fault


def _init_options(address: str | None, num_cpus: int | None) -> dict[str, Any]:
    quiet = {"logging_level": logging.ERROR, "log_to_driver": False, "configure_logging": True}
    if address is not None:
        return {"address": address, **quiet}
    return {
        "address": "local",
        "num_cpus": num_cpus,
        "include_dashboard": False,
        "object_store_memory": _OBJECT_STORE_BYTES,
        "_plasma_directory": tempfile.gettempdir(),
        "_node_ip_address": "127.0.0.1",
        **quiet,
    }
