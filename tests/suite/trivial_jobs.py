"""Jobs that do next to nothing, for tests of executors; workers import this module by name."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import torch

from detaux.pipeline.job import Job
from detaux.pipeline.manifest import Manifest, Status, describe_files
from detaux.pipeline.run import Outcome
from detaux.pipeline.store import Store


def run_trivial(job: Job, store: Store, *, device: str, retry_failed: bool) -> Outcome:
    """Wait, then write what the job saw; `fail` and `exit` in its config say how it ends instead."""
    standing, reason = store.standing(job.stage, job.key)
    if standing == "done" or (standing == "error" and not retry_failed):
        return Outcome(status=standing, reason=reason, seconds=0.0, cached=True)
    for role, key in job.inputs.items():
        store.open(role, key)
    store.root.mkdir(parents=True, exist_ok=True)
    with (store.root / "log.txt").open("a") as log:
        log.write(f"{job.stage} {job.key}\n")
    time.sleep(job.config.get("sleep", 0.0))
    if "meet" in job.config:
        _meet(Path(job.config["meet"]), job.key)
    status: Status = "error" if job.config.get("fail") and not Path(job.config["fail"]).exists() else "done"
    draft = store.draft(job.stage, job.key)
    seen = {"device": device, "cpus": _cpus(), "threads": torch.get_num_threads(), "pid": os.getpid()}
    (draft / "large.bin").write_bytes(bytes(job.config.get("bytes", 0)))
    (draft / "seen.json").write_text(json.dumps(seen))
    scores = [{"split": "test", "name": "accuracy", "value": int(job.key[:8], 16) / 16**8}]
    (draft / "scores.json").write_text(json.dumps(scores))
    Manifest(
        job=job.as_dict(),
        status=status,
        reason="as told" if status == "error" else "",
        files=describe_files(draft),
        seconds=0.0,
        cpu_seconds=0.0,
        peak_memory_bytes=1,
        provenance={"commit": "abc"},
    ).write(draft)
    store.publish(draft, job.stage, job.key)
    return Outcome(status=status, reason="as told" if status == "error" else "", seconds=0.0, cached=False)


def _meet(place: Path, key: str) -> None:
    """Wait for another job to come to the same place; give up after a minute."""
    place.mkdir(parents=True, exist_ok=True)
    (place / key).touch()
    deadline = time.monotonic() + 60
    while len(list(place.iterdir())) < 2:
        if time.monotonic() > deadline:
            raise TimeoutError(f"nobody else came to {place}")
        time.sleep(0.05)


def _cpus() -> float | None:
    """Return the cores that Ray gave this job, None where Ray does not run it."""
    if "ray" not in sys.modules:
        return None
    import ray

    group = ray.util.get_current_placement_group() if ray.is_initialized() else None
    return None if group is None else sum(bundle.get("CPU", 0) for bundle in group.bundle_specs)
