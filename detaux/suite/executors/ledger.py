"""Keeps schedule, report and listener in step, for executors to tell what happened once."""

from __future__ import annotations

from collections.abc import Iterable

from detaux.pipeline.job import Job
from detaux.pipeline.run import Outcome
from detaux.pipeline.store import Store
from detaux.pipeline.survey import survey
from detaux.suite.executors.base import Event, ExecutionReport, Listener
from detaux.suite.executors.schedule import Schedule
from detaux.suite.graph import JobGraph


class Ledger:
    """The state of one execution.

    Args:
        graph: The jobs.
        store: Where they stand at the start.
        events: Told of everything.
        retry_failed: Whether earlier errors are run again.
    """

    def __init__(self, graph: JobGraph, store: Store, events: Listener, *, retry_failed: bool) -> None:
        self._graph = graph
        self._store = store
        self._events = events
        standings = survey(store, graph.jobs.values())
        self.schedule = Schedule(
            graph, {key: found for key, (found, _) in standings.items()}, retry_failed=retry_failed
        )
        self.report = ExecutionReport()
        self._note_cached(self.schedule.done)
        for key in self.schedule.failed:
            standing, reason = standings[key]
            self._note_failure(key, is_error=standing == "error", reason=reason)
        self._skip(list(self.schedule.dropped))

    def start(self, key: str) -> None:
        """Note that a job runs now."""
        self._events(Event(kind="started", job=self._graph.jobs[key]))

    def restart(self, key: str) -> None:
        """Note that a job's worker died, and that the job is run again."""
        job = self._graph.jobs[key]
        note = f"{job.stage} {key[:8]}: its worker died; the job is run again"
        self._events(Event(kind="started", job=job, notes=(note,)))

    def end(self, key: str, outcome: Outcome) -> None:
        """Note how a job ended, and what follows from it."""
        job = self._graph.jobs[key]
        self._events(
            Event(
                kind="ended",
                job=job,
                status=outcome.status,
                reason=outcome.reason,
                seconds=outcome.seconds,
                notes=outcome.notes,
            )
        )
        if outcome.status == "done":
            self.report.done.add(key)
            self.schedule.finish(key)
            return
        self._note_failure(key, is_error=outcome.status == "error", reason=outcome.reason)
        self.report.unkept |= set() if outcome.kept else {key}
        self._skip(self.schedule.fail(key))
        self._note_cached(self.schedule.spared - self.report.cached)

    def take(self) -> Job | None:
        """Hand out a job that may run; None while all that is left must wait.

        A result in doubt that an input made anew bears out is not run again.
        """
        while (job := self.schedule.next()) and self._still_stands(job):
            self.schedule.finish(job.key)
            self._note_cached([job.key])
        return job

    def check_finished(self) -> None:
        """Check that nothing is left to run: Tune returns as if nothing were wrong when it was stopped.

        Raises:
            KeyboardInterrupt: If something is left.
        """
        if not self.schedule.is_finished:
            raise KeyboardInterrupt

    def _still_stands(self, job: Job) -> bool:
        doubted = job.key in self.schedule.doubted
        return doubted and self._store.standing(job.stage, job.key)[0] == "done"

    def _note_cached(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.report.cached.add(key)
            self._events(Event(kind="cached", job=self._graph.jobs[key]))

    def _note_failure(self, key: str, *, is_error: bool, reason: str) -> None:
        self.report.failed[key] = reason
        if is_error:
            self.report.errors.add(key)

    def _skip(self, keys: list[str]) -> None:
        for key in keys:
            reason = self.schedule.dropped[key]
            self.report.skipped[key] = reason
            self._events(Event(kind="ended", job=self._graph.jobs[key], status="skipped", reason=reason))
