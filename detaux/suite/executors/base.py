"""What every executor takes, tells and returns."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from detaux.pipeline.job import Job
from detaux.pipeline.run import Outcome
from detaux.pipeline.store import Store
from detaux.suite.format import Resources
from detaux.suite.graph import JobGraph

RUN_JOB = "detaux.pipeline.run:run_job"
"""The function that runs one job, as `module:name`, so that a worker can import it by itself."""
JobStatus = Literal["done", "error", "no_auxiliary_task", "skipped"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened to a job."""

    kind: Literal["cached", "started", "ended"]
    """`cached`: its result was there before; `started`: it runs now; `ended`: it does not run any more."""
    job: Job
    """Which job."""
    status: JobStatus = "done"
    """How it ended."""
    reason: str = ""
    """Why, where it is not done."""
    seconds: float = 0.0
    """Wall-clock seconds that it took."""
    notes: tuple[str, ...] = ()
    """What the user should hear of."""


Listener = Callable[[Event], None]
"""Told of every event, in the driver's process."""


@dataclass(kw_only=True, slots=True)
class ExecutionReport:
    """How the jobs of a graph ended."""

    cached: set[str] = field(default_factory=set)
    """Jobs whose result was there before."""
    done: set[str] = field(default_factory=set)
    """Jobs that this run brought to a result."""
    failed: dict[str, str] = field(default_factory=dict)
    """Jobs that ended with an error or without an auxiliary task, in this run or an earlier one, with the reason."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Jobs that could not run since one before them has no result, with the reason."""
    errors: set[str] = field(default_factory=set)
    """Those of the failed jobs that ended with an error; no auxiliary task is an outcome, not an error."""

    unkept: set[str] = field(default_factory=set)
    """Those of the errors that the store does not keep, so that the next run tries these jobs again."""

    @property
    def is_clean(self) -> bool:
        """Whether no job ended with an error."""
        return not self.errors


class RunJob(Protocol):
    """The call of a job's work."""

    def __call__(self, job: Job, store: Store, *, device: str, retry_failed: bool) -> Outcome:
        """Bring the job's artifact into the store."""


class Executor(Protocol):
    """A way to run a job graph."""

    def execute(
        self,
        graph: JobGraph,
        store: Store,
        *,
        resources: Mapping[str, Resources],
        device: str = "auto",
        events: Listener,
        max_concurrent: int | None = None,
        retry_failed: bool = False,
    ) -> ExecutionReport:
        """Run every job whose result is not in the store, inputs first.

        Args:
            graph: The jobs.
            store: Where results are looked up and go.
            resources: What a job of each stage is given; one core where a stage is left out.
            device: Torch device, or `auto`.
            events: Told of everything that happens.
            max_concurrent: Most jobs at a time; None for as many as fit.
            retry_failed: Whether to run jobs again that ended with an error before.

        Raises:
            KeyboardInterrupt: If the user stopped it; what was done by then is in the store.
        """


def function_at(path: str) -> RunJob:
    """Import the function that `module:name` means."""
    module, _, name = path.partition(":")
    found: RunJob = getattr(importlib.import_module(module), name)
    return found
