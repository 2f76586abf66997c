"""How long the jobs left will take, told from finished jobs that are like them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from detaux.core.errors import ArtifactError
from detaux.pipeline.job import Job
from detaux.pipeline.manifest import Manifest, read_manifest
from detaux.pipeline.store import Standing, Store

LEFT = frozenset({"missing", "damaged"})
"""How a job stands that is still to run."""
_ENOUGH_SAMPLES = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """The pace of a suite's jobs: by stage and data set, since jobs on other images say nothing of these."""

    store: Store
    """Where finished jobs lie."""
    jobs: Mapping[str, Job]
    """The suite's jobs by key."""
    standings: Mapping[str, Standing]
    """How each stands."""

    def seconds_left(self, stage: str) -> float | None:
        """Foretell how long the jobs of a stage that are left take, one after the other.

        A job takes the median seconds of the suite's own finished jobs of that stage on the same data set; where there
        are none, of all such jobs in the store.

        Returns:
            Seconds, 0 if no job is left; None if no job of the stage has finished on one of the data sets.
        """
        left = Counter(
            self._images(job)
            for key, job in self.jobs.items()
            if job.stage == stage and self.standings[key] in LEFT
        )
        total = 0.0
        for images, count in left.items():
            seconds = list(self._own(stage, images)) or list(self._of_others(stage, images))
            if not seconds:
                return None
            total += count * median(seconds)
        return total

    def _images(self, job: Job) -> str:
        """Return the fingerprint of the data set that a job works on."""
        return job.fingerprint or self.jobs[job.inputs["data"]].fingerprint

    def _own(self, stage: str, images: str) -> Iterator[float]:
        folders = (
            self.store.folder(stage, key)
            for key, job in self.jobs.items()
            if job.stage == stage and self.standings[key] == "done" and self._images(job) == images
        )
        return islice((manifest.seconds for manifest in _done(folders)), _ENOUGH_SAMPLES)

    def _of_others(self, stage: str, images: str) -> Iterator[float]:
        data = {folder.name for folder in self._folders("data") if _is_of(folder, images)}
        found = (
            manifest.seconds
            for manifest in _done(self._folders(stage))
            if manifest.job["fingerprint"] == images or manifest.job["inputs"].get("data") in data
        )
        return islice(found, _ENOUGH_SAMPLES)

    def _folders(self, stage: str) -> Iterator[Path]:
        return (self.store.root / stage).glob("*/*")


def _is_of(folder: Path, images: str) -> bool:
    return any(manifest.job["fingerprint"] == images for manifest in _done([folder]))


def _done(folders: Iterable[Path]) -> Iterator[Manifest]:
    """Yield the manifests of jobs that are done; what cannot be read counts as not done."""
    for folder in folders:
        try:
            manifest = read_manifest(folder)
        except ArtifactError:
            continue
        if manifest.status == "done" and _names_its_data(manifest.job):
            yield manifest


def _names_its_data(job: Mapping[str, Any]) -> bool:
    return isinstance(job.get("fingerprint"), str) and isinstance(job.get("inputs"), Mapping)
