"""`detaux doctor`: is this machine fit to run suites, and if not, what to do."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from detaux.core.paths import cache_dir

_GIB = 1 << 30
_PACKAGES = ("torch", "torchvision", "torchjd", "ray", "optuna", "scikit-learn", "hdbscan", "numpy", "pandas")
_SMALL_DISK_GIB = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    """What was looked at."""
    text: str
    """What was found, and the remedy where it is not well."""
    well: bool = True
    """Whether nothing needs doing."""


def examine(store: Path) -> Iterator[Finding]:
    """Look at everything that a run needs, one finding at a time."""
    yield _python()
    for name in _PACKAGES:
        yield _package(name)
    yield _device()
    yield _processor()
    yield _folder("cache", cache_dir(), "set DETAUX_CACHE to a folder that can be written")
    yield _folder("store", store, "name another with --store")
    yield _folder("home", Path.home(), "Ray writes there; set HOME to a folder that can be written")
    yield _shared_memory()


def _python() -> Finding:
    found = platform.python_version()
    return Finding(name="Python", text=found, well=sys.version_info >= (3, 11))


def _package(name: str) -> Finding:
    try:
        return Finding(name=name, text=version(name))
    except PackageNotFoundError:
        return Finding(name=name, text="missing: install the project again (`pip install -e .`)", well=False)


def _device() -> Finding:
    import torch

    from detaux.train.policy import policy_for

    policy = policy_for("auto")
    name = torch.cuda.get_device_name() if policy.device.type == "cuda" else "no GPU found, the CPU is used"
    return Finding(name="device", text=f"{policy.device} ({name}); bfloat16: {'yes' if policy.amp else 'no'}")


def _processor() -> Finding:
    return Finding(
        name="processor", text=f"{os.cpu_count()} cores, {platform.processor() or platform.machine()}"
    )


def _folder(name: str, folder: Path, remedy: str) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free / _GIB
    except OSError as fault:
        return Finding(name=name, text=f"{folder}: {fault.strerror}; {remedy}", well=False)
    if not os.access(folder, os.W_OK):
        return Finding(name=name, text=f"{folder}: cannot be written; {remedy}", well=False)
    small = free < _SMALL_DISK_GIB
    note = f"; less than {_SMALL_DISK_GIB} GiB may not be enough" if small else ""
    return Finding(name=name, text=f"{folder}, {free:.0f} GiB free{note}", well=not small)


def _shared_memory() -> Finding:
    place = Path("/dev/shm")  # noqa: S108 - looked at, not written to
    if not place.is_dir():
        return Finding(name="shared memory", text="none; Ray falls back to its temporary folder")
    return Finding(name="shared memory", text=f"{shutil.disk_usage(place).total / _GIB:.1f} GiB in {place}")
