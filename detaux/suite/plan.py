"""What a run would do: jobs by stage, how they stand in the store, and how long the rest may take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detaux.pipeline.stage import STAGES
from detaux.pipeline.store import Standing, Store
from detaux.pipeline.survey import survey
from detaux.suite.expand import Expansion, expand
from detaux.suite.facts import forget_facts
from detaux.suite.pace import LEFT, Pace
from detaux.suite.suite import Suite


@dataclass(frozen=True, kw_only=True, slots=True)
class StagePlan:
    """The jobs of one stage."""

    stage: str
    """Its name."""
    standings: Mapping[str, int]
    """Number of jobs by how they stand: done, missing, error, no_auxiliary_task, damaged."""
    seconds_left: float | None
    """Seconds that the jobs left would take one by one; None if no job like them was ever timed."""

    @property
    def num_jobs(self) -> int:
        """How many jobs there are."""
        return sum(self.standings.values())

    @property
    def num_left(self) -> int:
        """How many are to run, if none before them fails."""
        return sum(self.standings.get(standing, 0) for standing in LEFT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a run of a suite would do."""

    suite: Suite
    """The suite."""
    expansion: Expansion
    """Its runs and jobs."""
    standings: Mapping[str, Standing]
    """How each job stands, by key."""
    stages: tuple[StagePlan, ...]
    """Jobs by stage, in the order in which a run passes them."""

    @property
    def seconds_left(self) -> float | None:
        """Seconds of work left, one job at a time; None where a stage was never timed."""
        each = [stage.seconds_left for stage in self.stages]
        return None if None in each else sum(seconds for seconds in each if seconds is not None)

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as plain JSON values: jobs, runs and counts."""
        jobs = [
            {"key": key, "standing": self.standings[key], **job.as_dict()}
            for key, job in self.expansion.graph.jobs.items()
        ]
        runs = [
            {
                "run_id": run.run_id,
                "variant": run.variant,
                "arm": run.arm,
                "repetition": run.repetition,
                "jobs": dict(run.keys),
            }
            for run in self.expansion.runs
        ]
        stages = {
            stage.stage: {**stage.standings, "seconds_left": stage.seconds_left} for stage in self.stages
        }
        return {
            "suite": self.suite.name,
            "unused_blocks": list(self.suite.unused_blocks),
            "stages": stages,
            "seconds_left": self.seconds_left,
            "jobs": jobs,
            "runs": runs,
        }


def plan_suite(suite: Suite, store: Store) -> Plan:
    """Plan a run of a suite against a store, by the data sets as they are now.

    Raises:
        DataError: If a data set has become unreadable since the suite was checked.
    """
    forget_facts()
    expansion = expand(suite)
    graph = expansion.graph
    standings: dict[str, Standing] = {
        key: standing for key, (standing, _) in survey(store, graph.jobs.values()).items()
    }
    pace = Pace(store=store, jobs=graph.jobs, standings=standings)
    stages = []
    for stage in (stage for stage in STAGES if stage in graph.count_by_stage()):
        counts: Counter[str] = Counter(
            standings[key] for key, job in graph.jobs.items() if job.stage == stage
        )
        stages.append(StagePlan(stage=stage, standings=dict(counts), seconds_left=pace.seconds_left(stage)))
    return Plan(suite=suite, expansion=expansion, standings=standings, stages=tuple(stages))
