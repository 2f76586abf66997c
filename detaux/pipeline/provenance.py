"""Where a result comes from: commit, versions, machine, time."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_PACKAGES = ("detaux", "torch", "torchvision", "torchjd", "numpy", "scikit-learn", "hdbscan", "ray")


def provenance(device: str) -> dict[str, Any]:
    """Describe the present process: commit, dirtiness, versions, machine, device and the time (UTC)."""
    return {
        **_fixed(),
        "device": device,
        "threads": _threads(),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }


@cache
def commit() -> str:
    """Return the commit of the checkout that the package runs from, with `+dirty` if it has changes.

    Empty where the package was installed from elsewhere than a checkout, or git is not there.
    """
    place = Path(__file__).resolve().parents[2]
    if not (place / ".git").exists():
        return ""
    revision = _git(place, "rev-parse", "HEAD")
    return (
        f"{revision}+dirty"
        if revision and _git(place, "status", "--porcelain", "--untracked-files=no")
        else revision
    )


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


def _git(place: Path, *words: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(place), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 - fixed words
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


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
