"""The device that a job computes on, and the precision it computes in."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

PLAIN_CPU: Mapping[str, Any] = {"device": "cpu", "precision": "float32"}
"""Of a stage that leaves the job's device alone: nothing in it is autocast."""


def describe_device(device: str) -> dict[str, Any]:
    """Describe the device that a name means here.

    Args:
        device: As torch spells it, or `auto`.

    Returns:
        `device` (as `cpu`, `cuda:0`) and `precision`: `bfloat16` where forward passes are autocast to it, else
        `float32`. For CUDA also `gpu`, `cuda` and `driver`: its name and the versions.

    Raises:
        DeviceError: If torch cannot use it.
    """
    from detaux.train.policy import policy_for

    policy = policy_for(device)
    precision = "bfloat16" if policy.amp else "float32"
    if policy.device.type == "cuda":
        return {**_describe_gpu(policy.device), "precision": precision}
    return {"device": str(policy.device), "precision": precision}


def _describe_gpu(device: torch.device) -> dict[str, Any]:
    import torch

    number = torch.cuda.current_device() if device.index is None else device.index
    return {
        "device": f"cuda:{number}",
        "gpu": torch.cuda.get_device_name(number),
        "cuda": torch.version.cuda or "",
        "driver": _driver(),
    }


@cache
def _driver() -> str:
    """Return the version of NVIDIA's driver; empty where it does not say."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ""
    command = [tool, "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 - fixed words
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.partition("\n")[0].strip() if done.returncode == 0 else ""
