"""Which device training runs on, and in which precision."""

from __future__ import annotations

from dataclasses import dataclass

import torch


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
        ValueError: If torch cannot use the device here.
    """
    name = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
    try:
        chosen = torch.device(name)
        torch.empty(0, device=chosen)
    except (RuntimeError, AssertionError) as error:
        raise ValueError(
            f"device {device!r} cannot be used on this machine ({str(error).splitlines()[0]}); use 'auto' or 'cpu'"
        ) from error
    return Policy(device=chosen, amp=_has_bfloat16(chosen))


def _has_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    # Our oldest torch tells a processor's bfloat16 through this name alone.
    return device.type == "cpu" and bool(torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001
