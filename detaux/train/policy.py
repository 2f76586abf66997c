"""Which device training runs on, and in which precision."""

from __future__ import annotations

import re
from dataclasses import dataclass

import torch

from detaux.core.errors import DeviceError

_NAME = re.compile(r"auto|cpu|mps|cuda(:[0-9]{1,4})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """Device and precision of a job; neither ever enters its key."""

    device: torch.device
    """Where weights and images live."""
    amp: bool
    """Whether convolutions and matrix products run in bfloat16; weights stay float32 either way."""

    def autocast(self) -> torch.autocast:
        """Return the context for forward passes: bfloat16 where `amp` says so, float32 otherwise."""
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.amp)


def policy_for(device: str = "auto") -> Policy:
    """Return the policy for a device: bfloat16 where its hardware computes it, float32 elsewhere.

    Args:
        device: As torch spells it (`cpu`, `cuda`, `cuda:1`), or `auto`: CUDA if there is one, else the CPU.

    Raises:
        DeviceError: If torch cannot use the device here.
    """
    check_device(device)
    name = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
    try:
        chosen = torch.device(name)
        torch.empty(0, device=chosen)
    except (RuntimeError, AssertionError) as error:
        raise _not_here(device, str(error).splitlines()[0]) from error
    return Policy(device=chosen, amp=_has_bfloat16(chosen))


def check_device(device: str, *, here: bool = True) -> None:
    """Check that a device has a name that is known and, if it is to be used here, that it is there.

    Nothing is put on the device, so that a driver takes none of its memory.

    Args:
        device: As in `policy_for`.
        here: False if it is another machine's.

    Raises:
        TypeError: If it is no text.
        DeviceError: If it cannot be used; the text names the remedy.
    """
    if not isinstance(device, str):
        raise TypeError(f"device must be a text such as 'auto' or 'cpu', but is {device!r}")
    kind, _, number = device.partition(":")
    if not _NAME.fullmatch(device):
        raise DeviceError(
            f"--device {device!r}: no such device; use 'auto', 'cpu', 'cuda', 'cuda:N' or 'mps', in small letters"
        )
    if here and kind == "cuda" and int(number or 0) >= torch.cuda.device_count():
        raise _not_here(device, f"it has {torch.cuda.device_count()} CUDA devices that torch can use")
    if here and kind == "mps" and not torch.backends.mps.is_available():
        raise _not_here(device, "it has no Metal device that torch can use")


def _not_here(device: str, reason: str) -> DeviceError:
    return DeviceError(f"--device {device!r}: cannot be used on this machine ({reason}); use 'auto' or 'cpu'")


def _has_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    # Our oldest torch tells a processor's bfloat16 through this name alone.
    return device.type == "cpu" and bool(torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001
