"""One Tuner for a whole job graph: how it is set up, and what each trial asks of the cluster."""

from __future__ import annotations

import math
import shutil
import tempfile
import uuid
from collections.abc import Mapping
from typing import Any

from detaux.suite.executors.ledger import Ledger
from detaux.suite.format import Resources

_LOST_WORKER_RETRIES = 2
_PENDING_PER_CPU = 2


def run_graph(
    ledger: Ledger,
    order: Mapping[str, Any],
    resources: Mapping[str, Resources],
    *,
    device: str,
    max_concurrent: int | None,
) -> None:
    """Run what is left of a ledger's graph on the cluster that this process is connected to.

    Args:
        ledger: Hands out jobs, and is told how they end.
        order: What every trial must know beside its job.
        resources: What a job of each stage is given.
        device: Torch device, or `auto`.
        max_concurrent: Most jobs at a time; None for as many as fit.
    """
    from ray import tune

    from detaux.suite.executors.ray_trial import run_trial

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

    from detaux.suite.executors.ray_driver import GraphSearcher

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

    from detaux.suite.executors.ray_driver import StartCallback

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
