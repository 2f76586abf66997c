"""Run one job: from its inputs in the store to its artifact in the store."""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from detaux.core.errors import ArtifactError, DetauxError, NoAuxiliaryTaskError
from detaux.core.progress import Progress
from detaux.pipeline.claim import claimed, is_claimed
from detaux.pipeline.job import Job
from detaux.pipeline.manifest import Manifest, Status, describe_files, read_manifest
from detaux.pipeline.provenance import provenance
from detaux.pipeline.stage import STAGES, Context
from detaux.pipeline.store import Artifact, Store

_POLL_SECONDS = 0.5
_PROGRESS_SECONDS = 0.5


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
    notes: tuple[str, ...] = ()
    """What the user should hear of: inputs that were found damaged and made anew."""


def run_job(job: Job, store: Store, *, device: str = "auto", retry_failed: bool = False) -> Outcome:
    """Bring a job's artifact into the store, unless it is there already.

    Faults of the job itself (bad data, no cluster, a diverged loss) end as an artifact with `status` and
    `reason`; only an interrupt, or a store that cannot be written, is raised.

    Args:
        job: What to run; its inputs must be done.
        store: Where inputs are read and the artifact goes.
        device: Torch device, or `auto`.
        retry_failed: Whether to try a job again that ended with an error.
    """
    start = time.monotonic()
    work = store.work_folder(job.key)
    while True:
        known = _known(job, store, retry_failed=retry_failed)
        if known is not None:
            return known
        with claimed(work) as ours:
            if ours:
                notes = _mend_inputs(job, store, device)
                status, reason = _run_claimed(job, store, work, device)
                break
        while is_claimed(work):
            time.sleep(_POLL_SECONDS)
    shutil.rmtree(work, ignore_errors=True)
    return Outcome(status=status, reason=reason, seconds=time.monotonic() - start, cached=False, notes=notes)


def _mend_inputs(job: Job, store: Store, device: str) -> tuple[str, ...]:
    """Check every input by hash, and make those anew that are damaged."""
    notes = []
    for stage, key in job.inputs.items():
        try:
            store.open(stage, key)
        except ArtifactError as damage:
            maker = Job(**read_manifest(store.folder(stage, key)).job)
            store.discard(stage, key)
            notes.append(f"redone: {damage}")
            run_job(maker, store, device=device)
    return tuple(notes)


def _known(job: Job, store: Store, *, retry_failed: bool) -> Outcome | None:
    standing, reason = store.standing(job.stage, job.key)
    if standing in ("missing", "damaged") or (standing == "error" and retry_failed):
        return None
    return Outcome(status=standing, reason=reason, seconds=0.0, cached=True)  # type: ignore[arg-type]  # narrowed by the test above, which mypy cannot follow through a tuple


def _run_claimed(job: Job, store: Store, work: Path, device: str) -> tuple[Status, str]:
    draft = store.draft(job.stage, job.key)
    start, cpu = time.monotonic(), time.process_time()
    try:
        status, reason = _attempt(lambda: _run_stage(job, store, draft, work, device))
        _write_json(draft / "config.json", job.as_dict())
        Manifest(
            job=job.as_dict(),
            status=status,
            reason=reason,
            files=describe_files(draft),
            seconds=time.monotonic() - start,
            cpu_seconds=time.process_time() - cpu,
            peak_memory_bytes=_peak_memory_bytes(),
            provenance=provenance(device),
        ).write(draft)
        store.publish(draft, job.stage, job.key)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return status, reason


def _attempt(run: Callable[[], None]) -> tuple[Status, str]:
    try:
        run()
    except NoAuxiliaryTaskError as outcome:
        return "no_auxiliary_task", str(outcome)
    except DetauxError as fault:
        return "error", str(fault)
    except Exception as fault:  # noqa: BLE001 - whatever breaks inside a job is that job's outcome; the others go on
        return "error", f"{type(fault).__name__}: {fault}\n{traceback.format_exc()}"
    return "done", ""


def _run_stage(job: Job, store: Store, draft: Path, work: Path, device: str) -> None:
    inputs = {role: _finished(store.open(role, key)) for role, key in job.inputs.items()}
    context = Context(
        config=job.config,
        inputs=inputs,
        seed=job.seed,
        fingerprint=job.fingerprint,
        out=draft,
        work=work,
        device=device,
        progress=_file_progress(work / "progress.json"),
    )
    STAGES[job.stage].load()(context)


def _finished(artifact: Artifact) -> Path:
    if artifact.manifest.status != "done":
        raise ArtifactError(
            f"{artifact.path}: ended as {artifact.manifest.status}, so nothing can build on it"
        )
    return artifact.path


def _file_progress(file: Path) -> Progress:
    """Return a listener that leaves the latest word in a file, at most twice a second, for any driver to read."""
    last = 0.0

    def tell(share: float, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _PROGRESS_SECONDS:
            last = now
            _write_json(file, {"share": share, "text": text, "time": time.time()})

    return tell


def _write_json(file: Path, value: object) -> None:
    draft = file.with_suffix(".tmp")
    draft.write_text(json.dumps(value, indent=1, sort_keys=True, allow_nan=False))
    draft.replace(file)


def _peak_memory_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
