"""What Ray Tune calls: a searcher that hands out jobs, a trial that runs one, a callback that sees it start.

This module imports Ray; only `ray.py` beside it imports this one, when it starts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import ray
from ray import tune
from ray.tune.search import Searcher

from detaux.pipeline.job import Job
from detaux.pipeline.run import Outcome
from detaux.pipeline.store import Store
from detaux.suite.executors.base import function_at
from detaux.suite.executors.ledger import Ledger
from detaux.suite.executors.threads import torch_threads


class _StaysHere:
    """Keeps an object out of Tune's copies and snapshots: they are never read, and a live display has no copy."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {}


class GraphSearcher(_StaysHere, Searcher):
    """Suggests jobs whose inputs are done, waits while there are none, and ends with the graph.

    Args:
        ledger: Knows the graph, and is told of results.
        order: What every trial must know beside its job.
    """

    def __init__(self, ledger: Ledger, order: Mapping[str, Any]) -> None:
        super().__init__()
        self._ledger = ledger
        self._order = dict(order)
        self._keys: dict[str, str] = {}

    def suggest(self, trial_id: str) -> Any:
        """Return the next trial's config; None while it must wait, FINISHED at the end."""
        if self._ledger.schedule.is_finished:
            return self.FINISHED
        job = self._ledger.take()
        if job is None:
            return None
        self._keys[trial_id] = job.key
        return {"key": job.key, "job": job.as_dict(), **self._order}

    def on_trial_complete(
        self,
        trial_id: str,
        result: dict[str, Any] | None = None,
        error: bool = False,  # noqa: FBT001, FBT002 - Ray's interface
    ) -> None:
        """Note how a trial ended; without a result its worker was lost too often."""
        key = self._keys.pop(trial_id)
        if error or not result:
            reason = "its worker died again and again (out of memory, or its node was lost); it is tried at the next run"
            self._ledger.end(key, Outcome(status="error", reason=reason, seconds=0.0, cached=False))
            return
        found = json.loads(result["outcome"])
        self._ledger.end(key, Outcome(**{**found, "notes": tuple(found["notes"])}))

    def save(self, checkpoint_path: str) -> None:
        """Write nothing: the store knows all."""

    def restore(self, checkpoint_path: str) -> None:
        """Read nothing."""


class StartCallback(_StaysHere, tune.Callback):
    """Tells the ledger when a trial really runs."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def on_trial_start(self, iteration: int, trials: list[Any], trial: Any, **info: Any) -> None:
        """Note that a trial's job has started."""
        del iteration, trials, info
        self._ledger.start(trial.config["key"])


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
            status="error", reason=f"{type(fault).__name__}: {fault}", seconds=0.0, cached=False
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
