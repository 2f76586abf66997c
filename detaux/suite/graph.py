"""Jobs and what each needs, every job once however many runs share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from detaux.pipeline.job import Job


@dataclass(slots=True)
class JobGraph:
    """Jobs by key, inputs before what needs them."""

    jobs: dict[str, Job] = field(default_factory=dict)
    """Every job, in an order in which they could run one by one."""
    children: dict[str, list[str]] = field(default_factory=dict)
    """Keys of the jobs that need a job, by its key."""

    def add(self, job: Job) -> str:
        """Add a job unless an equal one is there, and return its key.

        Raises:
            ValueError: If an input has not been added before.
        """
        if job.key in self.jobs:
            return job.key
        for role, key in job.inputs.items():
            if key not in self.jobs:
                raise ValueError(
                    f"{job.stage} job {job.key[:8]} needs the {role} job {key[:8]}, which is not there"
                )
        self.jobs[job.key] = job
        self.children[job.key] = []
        for key in set(job.inputs.values()):
            self.children[key].append(job.key)
        return job.key

    def descendants(self, key: str) -> Iterator[str]:
        """Yield every job that needs a job, directly or not, each once."""
        seen = {key}
        waiting = [key]
        while waiting:
            for child in self.children[waiting.pop()]:
                if child not in seen:
                    seen.add(child)
                    waiting.append(child)
                    yield child

    def up_to(self, stage: str) -> JobGraph:
        """Return the graph of the jobs of one stage and all that they need."""
        wanted: set[str] = set()
        for key, job in reversed(self.jobs.items()):
            if job.stage == stage or key in wanted:
                wanted |= {key, *job.inputs.values()}
        part = JobGraph()
        for key, job in self.jobs.items():
            if key in wanted:
                part.add(job)
        return part

    def count_by_stage(self) -> Mapping[str, int]:
        """Return the number of jobs of each stage that has any, in the order of the graph."""
        counts: dict[str, int] = {}
        for job in self.jobs.values():
            counts[job.stage] = counts.get(job.stage, 0) + 1
        return counts

    def __len__(self) -> int:
        return len(self.jobs)
