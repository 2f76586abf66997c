"""Counts of what happens to jobs, how far the running ones are, and a guess at the time left."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import mean

from detaux.pipeline.job import Job
from detaux.pipeline.store import Store
from detaux.suite.executors.base import Event
from detaux.suite.graph import JobGraph

_ENOUGH_SHARE = 0.02


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeLeft:
    """A guess at the time that the jobs left will take."""

    seconds: float
    """Wall-clock seconds."""
    is_whole: bool
    """Whether every stage is in it; a stage of which no job has run yet is not."""


@dataclass(kw_only=True, slots=True)
class _Stage:
    total: int
    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


class Tally:
    """Counts what happens to the jobs of a graph, and knows how far the running ones are.

    Args:
        graph: The jobs.
        store: Whose work folders tell how far a job is.
    """

    def __init__(self, graph: JobGraph, store: Store) -> None:
        self._stages = {stage: _Stage(total=total) for stage, total in graph.count_by_stage().items()}
        self._store = store
        self._running: dict[str, tuple[Job, float]] = {}
        self._most_running = 1

    @property
    def totals(self) -> dict[str, int]:
        """Number of jobs by stage."""
        return {name: stage.total for name, stage in self._stages.items()}

    def note(self, event: Event) -> None:
        """Count an event."""
        stage = self._stages[event.job.stage]
        if event.kind == "started":
            self._running[event.job.key] = (event.job, time.monotonic())
            self._most_running = max(self._most_running, len(self._running))
        elif event.kind == "cached":
            stage.counts["cached"] += 1
        else:
            self._running.pop(event.job.key, None)
            stage.counts[{"done": "done", "skipped": "skipped"}.get(event.status, "failed")] += 1
            stage.seconds += [event.seconds] if event.status == "done" else []

    def counts(self, stage: str) -> dict[str, int]:
        """Return the number of jobs of a stage by `cached`, `done`, `failed`, `skipped` and `running`."""
        running = sum(job.stage == stage for job, _ in list(self._running.values()))
        return {**self._stages[stage].counts, **({"running": running} if running else {})}

    def ended(self, stage: str) -> int:
        """Return the number of jobs of a stage that will not run any more."""
        return self._stages[stage].counts.total()

    def share_done(self, stage: str) -> float:
        """Return how far the running jobs of a stage are, added up."""
        return sum(share for _, share in self._shares(stage))

    def texts(self) -> list[str]:
        """Say of each running job what it does and how far it is."""
        return [
            f"{job.stage} {key[:8]} {self._share(key):.0%}" for key, (job, _) in list(self._running.items())
        ]

    def time_left(self) -> TimeLeft | None:
        """Guess from the pace of each stage's own jobs, and from how many ran at a time; None before any pace is known."""
        left = {
            name: stage.total - self.ended(name) - self.share_done(name)
            for name, stage in self._stages.items()
        }
        each = {name: self._seconds_each(name) for name, jobs in left.items() if jobs}
        known = {name: seconds for name, seconds in each.items() if seconds is not None}
        if not known:
            return None
        work = sum(left[name] * seconds for name, seconds in known.items())
        return TimeLeft(seconds=work / self._most_running, is_whole=len(known) == len(each))

    def _seconds_each(self, stage: str) -> float | None:
        """Return the mean seconds of a job of a stage: of those that ended, else foretold by those that run."""
        ended = self._stages[stage].seconds
        foretold = [seconds / share for seconds, share in self._shares(stage) if share > _ENOUGH_SHARE]
        return mean(ended or foretold) if ended or foretold else None

    def _shares(self, stage: str) -> Iterator[tuple[float, float]]:
        """Yield how long each running job of a stage has run, in seconds, and how far it is."""
        now = time.monotonic()
        for key, (job, start) in list(self._running.items()):
            if job.stage == stage:
                yield now - start, self._share(key)

    def _share(self, key: str) -> float:
        try:
            return float(json.loads((self._store.work_folder(key) / "progress.json").read_text())["share"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0.0
