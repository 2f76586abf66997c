"""Run one job: from its inputs in the store to its artifact in the store."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from detaux.core.errors import ArtifactError, LocationError, MachineError
from detaux.pipeline.attempt import attempt
from detaux.pipeline.claim import claimed, is_claimed
from detaux.pipeline.job import Job
from detaux.pipeline.machine import is_machine_fault
from detaux.pipeline.manifest import Status, read_manifest
from detaux.pipeline.store import Store

_POLL_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a job ended."""

    status: Status
    """`done`, or why there is no result."""
    reason: str
    """In words, where it is not done."""
    seconds: float
    """Wall-clock seconds that this call spent."""
    cached: bool
    """Whether the artifact was there already."""
    kept: bool = True
    """Whether the store holds this outcome; one that is not kept is tried again by the next run."""
    notes: tuple[str, ...] = ()
    """What the user should hear of: artifacts, this job's or its inputs', that were damaged and made anew."""


def run_job(job: Job, store: Store, *, device: str = "auto", retry_failed: bool = False) -> Outcome:
    """Bring a job's artifact into the store, unless a sound one is there already.

    Faults of the job itself (bad data, no cluster, a diverged loss) end as an artifact with `status` and `reason`.
    Damaged inputs are made anew first; if that fails, or one is missing, or the machine is at fault (a full disk, no
    memory, no such device), the outcome is an error that leaves no artifact, so the job is tried again when the
    suite is run again. Only an interrupt, or a store in which nothing can be made, is raised.

    Args:
        job: What to run; its inputs must be done.
        store: Where inputs are read and the artifact goes.
        device: Torch device, or `auto`.
        retry_failed: Whether to try a job again that ended with an error.
    """
    start = time.monotonic()
    while (known := _known(job, store, retry_failed=retry_failed)) is None:
        with claimed(store.claims, job.key) as ours:
            if ours and _known(job, store, retry_failed=retry_failed) is None:
                return replace(_run_claimed(job, store, device), seconds=time.monotonic() - start)
        time.sleep(_POLL_SECONDS)
    return known


def _known(job: Job, store: Store, *, retry_failed: bool) -> Outcome | None:
    standing, reason = store.standing(job.stage, job.key)
    if standing in ("missing", "damaged") or (standing == "error" and retry_failed):
        return None
    return Outcome(status=standing, reason=reason, seconds=0.0, cached=True)  # type: ignore[arg-type]  # narrowed by the test above, which mypy cannot follow through a tuple


def _run_claimed(job: Job, store: Store, device: str) -> Outcome:
    standing, damage = store.standing(job.stage, job.key)
    notes = [f"redone: {damage}"] if standing == "damaged" else []
    for stage, key in job.inputs.items():
        notes += _mend_input(stage, key, store, device)
    try:
        inputs = _inputs(job, store)
        made = attempt(job, inputs, store, device)
    except (ArtifactError, MachineError) as fault:
        return _unkept(str(fault), notes)
    except LocationError:
        raise
    except Exception as fault:
        if not is_machine_fault(fault):
            raise
        return _unkept(f"{type(fault).__name__}: {fault}", notes)
    shutil.rmtree(store.work_folder(job.key), ignore_errors=True)
    return Outcome(status=made.status, reason=made.reason, seconds=0.0, cached=False, notes=tuple(notes))


def _unkept(reason: str, notes: Sequence[str]) -> Outcome:
    return Outcome(status="error", reason=reason, seconds=0.0, cached=False, kept=False, notes=tuple(notes))


def _mend_input(stage: str, key: str, store: Store, device: str) -> tuple[str, ...]:
    """Make an input anew if it is damaged, unless another driver is at it already, and say so."""
    if store.standing(stage, key)[0] not in ("damaged", "missing"):
        return ()
    while is_claimed(store.claims, key):
        time.sleep(_POLL_SECONDS)
    try:
        maker = Job(**read_manifest(store.folder(stage, key)).job)
    except (ArtifactError, TypeError, ValueError, RecursionError):
        return ()
    return run_job(maker, store, device=device).notes if maker.key == key else ()


def _inputs(job: Job, store: Store) -> Mapping[str, Path]:
    """Return the folder of each input by role.

    Raises:
        ArtifactError: If one is missing, damaged, or no result.
    """
    inputs = {}
    for stage, key in job.inputs.items():
        artifact = store.open(stage, key)
        if artifact.manifest.status != "done":
            raise ArtifactError(
                f"{artifact.path}: ended as {artifact.manifest.status}, so nothing can build on it"
            )
        inputs[stage] = artifact.path
    return inputs
