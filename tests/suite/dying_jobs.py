"""A job that takes its worker down with it, once; workers import this module by name."""

from __future__ import annotations

import os
import signal

from detaux.pipeline.job import Job
from detaux.pipeline.run import Outcome
from detaux.pipeline.store import Store
from detaux.suite.executors.base import function_at


def run_dying(job: Job, store: Store, *, device: str, retry_failed: bool) -> Outcome:
    """Kill this worker without a word the first time; do next to nothing the second."""
    mark = store.root / "died"
    if not mark.exists():
        store.root.mkdir(parents=True, exist_ok=True)
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return function_at("trivial_jobs:run_trivial")(job, store, device=device, retry_failed=retry_failed)
