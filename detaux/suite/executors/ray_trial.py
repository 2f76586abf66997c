"""A trial of Ray Tune: one job, run in a worker. This module imports Ray."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import ray

from detaux.pipeline.job import Job
from detaux.pipeline.run import Outcome
from detaux.pipeline.store import Store
from detaux.suite.executors.base import function_at
from detaux.suite.executors.threads import torch_threads


def run_trial(config: Mapping[str, Any]) -> dict[str, Any]:
    """Run one job in a worker, and return its outcome as text, since Tune takes mappings apart."""
    if Path(config["folder"]).is_dir():
        os.chdir(config["folder"])  # paths in a suite count from where the driver was started
    try:
        with torch_threads(_cpus()):
            outcome = function_at(config["function"])(
                Job(**config["job"]),
                Store(config["store"]),
                device=_device(config["device"]),
                retry_failed=config["retry_failed"],
            )
    except Exception as fault:  # noqa: BLE001 - a store that cannot be written is told, not tried three times
        outcome = Outcome(
            status="error", reason=f"{type(fault).__name__}: {fault}", seconds=0.0, cached=False, kept=False
        )
    return {"outcome": json.dumps(asdict(outcome))}


def _cpus() -> float:
    """Return the cores that Ray gave this trial."""
    group = ray.util.get_current_placement_group()
    return float(sum(bundle.get("CPU", 0) for bundle in group.bundle_specs)) if group else 1.0


def _device(wanted: str) -> str:
    """Return the device that Ray gave this trial: it hides all others, so the first one seen is ours."""
    if wanted == "auto":
        return "cuda" if ray.get_gpu_ids() else "cpu"
    return wanted
