"""Where a result comes from: commit, versions, machine, device, time."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from detaux.pipeline.commits import commit
from detaux.pipeline.hardware import PLAIN_CPU, describe_device
from detaux.pipeline.stage import STAGES

_PACKAGES = ("detaux", "torch", "torchvision", "torchjd", "numpy", "scikit-learn", "hdbscan", "ray")


def provenance(stage: str, device: str) -> dict[str, Any]:
    """Describe the present process and what a stage computes on in it.

    Args:
        stage: Name of the stage.
        device: Torch device that its job was given, or `auto`.

    Returns:
        Commit, dirtiness, versions, machine, device, precision and the time (UTC).

    Raises:
        DeviceError: If the stage needs the device and torch cannot use it.
    """
    return {
        **_fixed(),
        **(describe_device(device) if STAGES[stage].on_device else PLAIN_CPU),
        "threads": _threads(),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }


@cache
def _fixed() -> dict[str, Any]:
    return {
        "commit": commit(),
        "versions": {name: _version(name) for name in _PACKAGES},
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "host": platform.node(),
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.processor(),
    )


def _threads() -> int:
    import torch

    return torch.get_num_threads()
