"""Which job may run next: the order of a graph, whoever runs it."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping

from detaux.pipeline.job import Job
from detaux.pipeline.stage import STAGES
from detaux.pipeline.store import Standing
from detaux.suite.graph import JobGraph

_PLACES = {stage: place for place, stage in enumerate(STAGES)}


class Schedule:
    """The jobs of a graph that are still to run, released as their inputs get done.

    Long chains start first: of the jobs that may run, the one that most others wait for in a row is next; of
    several, that of the earliest stage, and within a stage the one that the suite names first.

    Args:
        graph: All jobs.
        standings: How each job stands in the store; one that is not there counts as missing.
        retry_failed: Whether jobs that ended with an error are run again.
    """

    def __init__(
        self, graph: JobGraph, standings: Mapping[str, Standing], *, retry_failed: bool = False
    ) -> None:
        self._graph = graph
        self._ready: list[tuple[tuple[int, int, int], str]] = []
        self.running: set[str] = set()
        """Jobs handed out and not yet back."""
        self.dropped: dict[str, str] = {}
        """Jobs that cannot run since one before them failed, with the reason."""
        self.failed: set[str] = set()
        """Jobs that ended without a result, in this run or an earlier one."""
        again = {"missing", "damaged"} | ({"error"} if retry_failed else set())
        self.planned: set[str] = {key for key in graph.jobs if standings.get(key, "missing") in again}
        """Jobs to run, unless one before them fails; and those in doubt."""
        there = {key for key in graph.jobs if standings.get(key) == "done"}
        self.doubted: set[str] = _below(graph, self.planned) & there
        """Jobs with a sound result that stands only if inputs, which are made anew, come out as they were."""
        self.spared: set[str] = set()
        """Jobs in doubt whose result stands, as an input before them could not be made anew."""
        self.done: set[str] = there - self.doubted
        """Jobs with a sound result."""
        self._order = _order(graph, self.planned)
        self.planned |= self.doubted
        for key in graph.jobs:
            if key not in self.done and key not in self.planned:
                self._fail(key)
        for key in self.planned:
            self._release(key)

    @property
    def is_finished(self) -> bool:
        """Whether nothing runs and nothing is left to run."""
        return not self.running and not self._left()

    def next(self) -> Job | None:
        """Hand out a job whose inputs are done; None while all that is left must wait.

        Raises:
            RuntimeError: If jobs are left, none runs, and none may: they would wait for ever.
        """
        while self._ready:
            _, key = heapq.heappop(self._ready)
            if key not in self.dropped:
                self.running.add(key)
                return self._graph.jobs[key]
        if not self.running and self._left():
            raise RuntimeError(
                f"{len(self._left())} jobs wait for inputs that nothing will make: {sorted(self._left())[:3]}"
            )
        return None

    def finish(self, key: str) -> None:
        """Note that a running job is done, and release what waited for it alone."""
        self.running.discard(key)
        self.done.add(key)
        for child in self._graph.children[key]:
            self._release(child)

    def fail(self, key: str) -> list[str]:
        """Note that a running job has no result.

        Returns:
            Keys of the jobs that are dropped for it, each once over the whole run.
        """
        self.running.discard(key)
        return self._fail(key)

    def _fail(self, key: str) -> list[str]:
        self.failed.add(key)
        job = self._graph.jobs[key]
        below = [
            child
            for child in self._graph.descendants(key)
            if child not in self.dropped and child not in self.done and child not in self.failed
        ]
        spared, lost = (
            self.doubted.intersection(below),
            [child for child in below if child not in self.doubted],
        )
        self.spared |= spared
        self.done |= spared
        self.dropped |= dict.fromkeys(lost, f"its {job.stage} job {key[:8]} has no result")
        return lost

    def _release(self, key: str) -> None:
        waiting = key in self.planned and key not in self.done and key not in self.running
        if waiting and self.done.issuperset(self._graph.jobs[key].inputs.values()):
            heapq.heappush(self._ready, (self._order[key], key))

    def _left(self) -> set[str]:
        return self.planned - self.done - self.running - self.failed - self.dropped.keys()


def _below(graph: JobGraph, keys: Collection[str]) -> set[str]:
    """Return the jobs that need one of some jobs, directly or not."""
    found: set[str] = set()
    for key, job in graph.jobs.items():
        if any(before in keys or before in found for before in job.inputs.values()):
            found.add(key)
    return found


def _order(graph: JobGraph, planned: Collection[str]) -> dict[str, tuple[int, int, int]]:
    """Return what jobs are sorted by: the longest chain of planned jobs behind each, its stage, its place."""
    behind: dict[str, int] = {}
    for key in reversed(graph.jobs):
        behind[key] = max((1 + behind[child] for child in graph.children[key] if child in planned), default=0)
    return {
        key: (-behind[key], _PLACES[job.stage], place) for place, (key, job) in enumerate(graph.jobs.items())
    }
