"""What Ray Tune calls in the driver: a searcher that hands out jobs, a callback that sees one start.

This module imports Ray; only `ray_tuning.py` beside it imports this one, when a run starts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ray import tune
from ray.tune.search import Searcher

from detaux.pipeline.run import Outcome
from detaux.suite.executors.ledger import Ledger


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
        job = self._ledger.take()
        if job is None:
            return self.FINISHED if self._ledger.schedule.is_finished else None
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
            lost = Outcome(status="error", reason=reason, seconds=0.0, cached=False, kept=False)
            self._ledger.end(key, lost)
            return
        found = json.loads(result["outcome"])
        self._ledger.end(key, Outcome(**{**found, "notes": tuple(found["notes"])}))

    def save(self, checkpoint_path: str) -> None:
        """Write nothing: the store knows all."""

    def restore(self, checkpoint_path: str) -> None:
        """Read nothing."""


class StartCallback(_StaysHere, tune.Callback):
    """Tells the ledger when a trial really runs, and when it is lost."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def on_trial_start(self, iteration: int, trials: list[Any], trial: Any, **info: Any) -> None:
        """Note that a trial's job has started."""
        del iteration, trials, info
        self._ledger.start(trial.config["key"])

    def on_trial_recover(self, iteration: int, trials: list[Any], trial: Any, **info: Any) -> None:
        """Note that a trial was lost with its worker and is run again."""
        del iteration, trials, info
        self._ledger.restart(trial.config["key"])
