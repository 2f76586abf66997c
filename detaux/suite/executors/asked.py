"""What the user asks of an execution, checked before anything runs."""

from __future__ import annotations

from typing import Literal

from detaux.core.errors import UnknownNameError
from detaux.core.registry import unknown_name
from detaux.pipeline.stage import STAGES
from detaux.suite.executors.base import Executor

ExecutorName = Literal["ray", "inline"]


def choose_executor(executor: ExecutorName | Executor, address: str | None) -> Executor:
    """Return the executor of a name, or the one that is given.

    Raises:
        UnknownNameError: If there is none of that name.
        TypeError: If it is neither a name nor an executor, or the address is no text.
    """
    if address is not None and not isinstance(address, str):
        raise TypeError(f"address must be a text such as 'auto', or None, but is {address!r}")
    if executor == "inline":
        from detaux.suite.executors.inline import InlineExecutor

        return InlineExecutor()
    if executor == "ray":
        from detaux.suite.executors.ray import RayExecutor

        return RayExecutor(address=address)
    if isinstance(executor, str):
        raise UnknownNameError(unknown_name(executor, ("inline", "ray"), kind="executors"))
    if not callable(getattr(executor, "execute", None)):
        raise TypeError(f"executor must be 'ray', 'inline' or an object with execute, but is {executor!r}")
    return executor


def check_request(executor: Executor, *, device: str, max_concurrent: int | None, only: str | None) -> None:
    """Check what an execution is told.

    A device is looked for here, unless the executor works at an address elsewhere: then its name is checked alone.

    Raises:
        TypeError: If something has the wrong type.
        ValueError: If a number or a stage is none that can be.
        DeviceError: If the device cannot be used.
    """
    from detaux.train.policy import check_device

    check_device(device, here=getattr(executor, "address", None) is None)
    if only is not None and only not in STAGES:
        raise ValueError(f"only must be one of the stages {', '.join(STAGES)}, but is {only!r}")
    if max_concurrent is None:
        return
    if not isinstance(max_concurrent, int) or isinstance(max_concurrent, bool):
        raise TypeError(f"max_concurrent must be a whole number or None, but is {max_concurrent!r}")
    if max_concurrent < 1:
        raise ValueError(f"max_concurrent must be at least 1, but is {max_concurrent}")
