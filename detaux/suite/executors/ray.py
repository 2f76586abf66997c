"""Run jobs by Ray Tune, on this machine or a cluster: one Tuner for the whole graph.

The Tuner asks a searcher of ours for one trial after another; a trial is a job whose inputs are done. What is
done is known by the store alone, so Ray's own snapshots are neither needed nor kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from detaux.pipeline.store import Store
from detaux.suite.executors.base import RUN_JOB, ExecutionReport, Listener
from detaux.suite.executors.ledger import Ledger
from detaux.suite.executors.ray_cluster import cluster
from detaux.suite.executors.ray_tuning import run_graph
from detaux.suite.executors.stopping import sigterm_as_sigint
from detaux.suite.format import Resources
from detaux.suite.graph import JobGraph

__all__ = ["RayExecutor", "cluster"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RayExecutor:
    """Runs as many jobs at a time as their resources allow."""

    address: str | None = None
    """Address of a running cluster (`auto` finds one), else a cluster of this machine's cores is started."""
    function: str = RUN_JOB
    """The function that runs a job, as `module:name`; workers must be able to import it."""
    num_cpus: int | None = None
    """Cores of an own cluster; None for all."""

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
        ledger = Ledger(graph, store, events, retry_failed=retry_failed)
        if ledger.schedule.is_finished:
            return ledger.report
        order = {
            "function": self.function,
            "store": store.location if "://" in store.location else str(store.root),
            "device": device,
            "retry_failed": retry_failed,
            "folder": str(Path.cwd()),
        }
        with cluster(self.address, num_cpus=self.num_cpus), sigterm_as_sigint():
            run_graph(ledger, order, resources, device=device, max_concurrent=max_concurrent)
        ledger.check_finished()
        return ledger.report
