"""Run jobs one after another in this process: for debugging and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detaux.pipeline.store import Store
from detaux.suite.executors.base import RUN_JOB, ExecutionReport, Listener, function_at
from detaux.suite.executors.ledger import Ledger
from detaux.suite.executors.threads import torch_threads
from detaux.suite.format import Resources
from detaux.suite.graph import JobGraph


@dataclass(frozen=True, kw_only=True, slots=True)
class InlineExecutor:
    """Runs one job at a time, here; of its resources only the cores count, as threads."""

    function: str = RUN_JOB
    """The function that runs a job, as `module:name`."""

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
        """Run every job whose result is not in the store; see `Executor.execute`."""
        del max_concurrent
        run_job = function_at(self.function)
        ledger = Ledger(graph, store, events, retry_failed=retry_failed)
        while job := ledger.take():
            ledger.start(job.key)
            with torch_threads(resources.get(job.stage, Resources()).cpus):
                outcome = run_job(job, store, device=device, retry_failed=retry_failed)
            ledger.end(job.key, outcome)
        return ledger.report
