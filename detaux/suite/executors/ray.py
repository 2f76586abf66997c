"""Run jobs by Ray Tune, on this machine or a cluster: one Tuner for the whole graph.

The Tuner asks a searcher of ours for one trial after another; a trial is a job whose inputs are done. What is
done is known by the store alone, so Ray's own snapshots are neither needed nor kept.
"""

from __future__ import annotations

import logging
import math
import os
import shutil
import signal
import socket
import tempfile
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detaux.core.errors import DetauxError
from detaux.pipeline.store import Store
from detaux.suite.executors.base import RUN_JOB, ExecutionReport, Listener
from detaux.suite.executors.ledger import Ledger
from detaux.suite.format import Resources
from detaux.suite.graph import JobGraph

_LOST_WORKER_RETRIES = 2
_PENDING_PER_CPU = 2
_ANSWER_SECONDS = 10.0
_OBJECT_STORE_BYTES = 80_000_000
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AIR_NEW_OUTPUT": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "1",
    "RAY_CHDIR_TO_TRIAL_DIR": "0",
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "TUNE_DISABLE_AUTO_CALLBACK_LOGGERS": "1",
    "TUNE_GLOBAL_CHECKPOINT_S": "1000000000",
}


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
        with cluster(self.address, num_cpus=self.num_cpus), _sigterm_as_sigint():
            _tune(ledger, order, resources, device=device, max_concurrent=max_concurrent)
        ledger.check_finished()
        return ledger.report


@contextmanager
def cluster(address: str | None = None, *, num_cpus: int | None = None) -> Iterator[None]:
    """Connect to a cluster for a while, or start one of this machine; one that is there already is used and left.

    Raises:
        DetauxError: If there is no cluster at the address, or it wants a token.
    """
    os.environ.update({name: value for name, value in _QUIET.items() if name not in os.environ})
    if address is None:
        os.environ.setdefault("RAY_AUTH_MODE", "disabled")  # an own cluster listens on loopback alone
    elif ":" in address:
        _check_answers(address)
    import ray

    if ray.is_initialized():
        yield
        return
    try:
        ray.init(**_init_options(address, num_cpus))
    except (ConnectionError, RuntimeError) as fault:
        hint = "is it running, and does it want a token (RAY_AUTH_MODE=token, RAY_AUTH_TOKEN_PATH)?"
        raise DetauxError(f"no Ray cluster at {address or 'this machine'}: {fault}; {hint}") from fault
    try:
        yield
    finally:
        ray.shutdown()


def _check_answers(address: str) -> None:
    """Knock at `host:port` or `ray://host:port`, since Ray itself would try for minutes without a word.

    Raises:
        DetauxError: If nobody answers, or there is no port.
    """
    host, _, port = address.rpartition("://")[2].rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWER_SECONDS).close()
    except (OSError, ValueError, OverflowError) as fault:
        raise DetauxError(
            f"no Ray cluster at {address}: {fault}; start one with `ray start --head`, or leave --address out"
        ) from fault


def _init_options(address: str | None, num_cpus: int | None) -> dict[str, Any]:
    quiet = {"logging_level": logging.ERROR, "log_to_driver": False, "configure_logging": True}
    if address is not None:
        return {"address": address, **quiet}
    return {
        "address": "local",
        "num_cpus": num_cpus,
        "include_dashboard": False,
        "object_store_memory": _OBJECT_STORE_BYTES,
        "_plasma_directory": tempfile.gettempdir(),
        "_node_ip_address": "127.0.0.1",
        **quiet,
    }


def _tune(
    ledger: Ledger,
    order: Mapping[str, Any],
    resources: Mapping[str, Resources],
    *,
    device: str,
    max_concurrent: int | None,
) -> None:
    from ray import tune

    from detaux.suite.executors.ray_pieces import run_trial

    total = _capacity()
    at_once = max_concurrent or _PENDING_PER_CPU * math.ceil(total["CPU"]) + 2
    scratch = tempfile.mkdtemp(prefix="detaux-ray-")
    try:
        tune.Tuner(
            tune.with_resources(run_trial, _Requests(resources, total, device=device)),
            tune_config=_tune_config(ledger, order, at_once),
            run_config=_run_config(ledger, scratch),
        ).fit()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _tune_config(ledger: Ledger, order: Mapping[str, Any], at_once: int) -> Any:
    from ray import tune

    from detaux.suite.executors.ray_pieces import GraphSearcher

    return tune.TuneConfig(
        search_alg=GraphSearcher(ledger, order),
        num_samples=-1,
        max_concurrent_trials=at_once,
        reuse_actors=True,
        trial_dirname_creator=lambda trial: trial.trial_id,
        trial_name_creator=lambda trial: trial.trial_id,
    )


def _run_config(ledger: Ledger, scratch: str) -> Any:
    from ray import tune

    from detaux.suite.executors.ray_pieces import StartCallback

    return tune.RunConfig(
        name=f"detaux-{uuid.uuid4().hex[:12]}",
        storage_path=scratch,
        verbose=0,
        failure_config=tune.FailureConfig(max_failures=_LOST_WORKER_RETRIES),
        callbacks=[StartCallback(ledger)],
    )


class _Requests:
    """What a trial asks of the cluster, by its stage; never more than the cluster has."""

    def __init__(
        self, resources: Mapping[str, Resources], total: Mapping[str, float], *, device: str
    ) -> None:
        self._resources = dict(resources)
        self._cpus = total["CPU"]
        self._gpus = 0.0 if device == "cpu" else total["GPU"]

    def __call__(self, config: Mapping[str, Any]) -> Any:
        from ray import tune

        wanted = self._resources.get(config["job"]["stage"], Resources())
        cpus, gpus = min(wanted.cpus, self._cpus), min(wanted.gpus, self._gpus)
        return tune.PlacementGroupFactory([{"CPU": cpus, "GPU": gpus} if gpus else {"CPU": cpus}])


def _capacity() -> dict[str, float]:
    import ray

    total: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]  # Ray's
    return {"CPU": total.get("CPU", 1.0), "GPU": total.get("GPU", 0.0)}


@contextmanager
def _sigterm_as_sigint() -> Iterator[None]:
    """Let a polite kill end the run as Ctrl+C does: running jobs stop, and what is done stays done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
