"""Which faults are the machine's and not the job's: tried again, the same job may well end otherwise."""

from __future__ import annotations

from detaux.core.errors import MachineError

_OF_TORCH = frozenset({"OutOfMemoryError", "AcceleratorError"})
_TEXTS = (
    "No space left on device",  # safetensors has no error number
    "can't allocate memory",  # torch's for the host's memory
    "CUDA error",  # torch's before it had AcceleratorError
)
_NUMPY_FULL = " requested and "
"""As in "1000 requested and 24 written", without an error number."""


def is_machine_fault(fault: BaseException | None) -> bool:
    """Say whether a fault, or one that led to it, is the machine's.

    That is what the system refuses (a full disk, a file that cannot be read), lack of memory, and a device that
    cannot be used.
    """
    while fault is not None:
        if _is_machines(fault):
            return True
        fault = fault.__cause__
    return False


def _is_machines(fault: BaseException) -> bool:
    if isinstance(fault, MachineError | MemoryError) or type(fault).__name__ in _OF_TORCH:
        return True
    if isinstance(fault, OSError) and (fault.errno is not None or _NUMPY_FULL in str(fault)):
        return True
    return any(text in str(fault) for text in _TEXTS)
