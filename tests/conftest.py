"""Nothing a test makes goes into the user's own folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from detaux.pipeline.job import Job
from detaux.pipeline.manifest import Manifest, Status, describe_files
from detaux.pipeline.store import Store


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep rendered and converted data of the session in one folder of its own, which all its processes share."""
    own = tmp_path_factory.getbasetemp()
    cache = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "detaux-cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DETAUX_CACHE", str(cache))
        yield


@pytest.fixture
def file_artifact() -> Callable[..., Path]:
    """File an artifact with made-up files, and return its folder."""

    def file(
        store: Store,
        job: Job,
        files: Mapping[str, bytes],
        *,
        status: Status = "done",
        reason: str = "",
        provenance: Mapping[str, Any] | None = None,
    ) -> Path:
        draft = store.draft(job.stage, job.key)
        for name, content in files.items():
            (draft / name).write_bytes(content)
        Manifest(
            job=job.as_dict(),
            status=status,
            reason=reason,
            files=describe_files(draft),
            seconds=1.0,
            cpu_seconds=1.0,
            peak_memory_bytes=1,
            provenance=dict(provenance or {}),
        ).write(draft)
        return store.publish(draft, job.stage, job.key)

    return file
