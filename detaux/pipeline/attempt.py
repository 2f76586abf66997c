"""One attempt at a job: its stage writes into a draft, which becomes the artifact, whatever the outcome."""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from detaux.core.errors import DetauxError, NoAuxiliaryTaskError
from detaux.core.folders import used_as
from detaux.core.progress import Progress
from detaux.pipeline.job import Job
from detaux.pipeline.lineage import contents_of
from detaux.pipeline.machine import is_machine_fault
from detaux.pipeline.manifest import Manifest, Status, describe_files, read_manifest
from detaux.pipeline.provenance import provenance
from detaux.pipeline.stage import STAGES, Context
from detaux.pipeline.store import Store

_PROGRESS_SECONDS = 0.5


def attempt(job: Job, inputs: Mapping[str, Path], store: Store, device: str) -> Manifest:
    """Run a job's stage, and publish what came of it.

    Args:
        job: What to run.
        inputs: Folder of each input artifact by role, verified.
        store: Where the artifact goes.
        device: Torch device, or `auto`.

    Returns:
        The manifest of the artifact in the store; it is another driver's if that one had a result first.

    Raises:
        ArtifactError: If an input has vanished.
        LocationError: If nothing can be written into the store.
        Exception: What `is_machine_fault` knows; nothing is published then, and checkpoints stay.
    """
    work, made_of = store.work_folder(job.key), contents_of(inputs)
    with used_as("--store", work):
        work.mkdir(parents=True, exist_ok=True)
    draft = store.draft(job.stage, job.key)
    start, cpu = time.monotonic(), time.process_time()
    try:
        status, reason = _ending(lambda: _run_stage(job, inputs, draft, work, device))
        _write_json(draft / "config.json", job.as_dict())
        Manifest(
            job=job.as_dict(),
            status=status,
            reason=reason,
            files=describe_files(draft),
            seconds=time.monotonic() - start,
            cpu_seconds=time.process_time() - cpu,
            peak_memory_bytes=_peak_memory_bytes(),
            provenance={**provenance(job.stage, device), "inputs": made_of},
        ).write(draft)
        return read_manifest(store.publish(draft, job.stage, job.key))
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _ending(run: Callable[[], None]) -> tuple[Status, str]:
    try:
        run()
    except NoAuxiliaryTaskError as outcome:
        return "no_auxiliary_task", str(outcome)
    except Exception as fault:  # whatever else breaks inside a job is that job's outcome; the others go on
        if is_machine_fault(fault):
            raise
        if isinstance(fault, DetauxError):
            return "error", str(fault)
        return "error", f"{type(fault).__name__}: {fault}\n{traceback.format_exc()}"
    return "done", ""


def _run_stage(job: Job, inputs: Mapping[str, Path], draft: Path, work: Path, device: str) -> None:
    context = Context(
        config=job.config,
        inputs=inputs,
        seed=job.seed,
        fingerprint=job.fingerprint,
        out=draft,
        work=work,
        device=device,
        progress=file_progress(work / "progress.json"),
    )
    STAGES[job.stage].load()(context)


def file_progress(file: Path) -> Progress:
    """Return a listener that leaves the latest word in a file, at most twice a second, for any driver to read.

    A word that cannot be written is lost; the job goes on.
    """
    last = float("-inf")

    def tell(share: float, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _PROGRESS_SECONDS:
            last = now
            with suppress(OSError):
                _write_json(file, {"share": share, "text": text, "time": time.time()})

    return tell


def _write_json(file: Path, value: object) -> None:
    draft = file.with_suffix(".tmp")
    draft.write_text(json.dumps(value, indent=1, sort_keys=True, allow_nan=False))
    draft.replace(file)


def _peak_memory_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
