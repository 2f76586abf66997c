"""From a suite to its runs, and from runs to the jobs behind them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from detaux.core.hashing import content_hash
from detaux.pipeline.job import Job
from detaux.suite.choices import Choice
from detaux.suite.discoveries import Discovered, discoveries
from detaux.suite.experiment import Experiment, arm_choices
from detaux.suite.facts import facts_of
from detaux.suite.graph import JobGraph
from detaux.suite.selection import is_wanted
from detaux.suite.suite import Suite

_RUN_ID_LENGTH = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A leaf: one arm in one setting with one seed, and the chain of jobs behind it."""

    run_id: str
    """Hash of arm, repetition and jobs."""
    variant: str
    """The suite's variant that the run belongs to; empty where there are none."""
    arm: str
    """What is compared."""
    repetition: int
    """Seed of stage three, counted from 0."""
    keys: Mapping[str, str]
    """Key of its job by stage; stages that the arm does not need are left out."""
    stage_one_seed: int | None
    """Seed of the disentangler and of discovery; None where the arm needs neither."""
    columns: Mapping[str, Any]
    """Every option of its stages, as `disentangle.method.strength`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expansion:
    """All runs of a suite and the jobs that they share."""

    runs: tuple[Run, ...]
    """In the order of the suite, each once."""
    graph: JobGraph
    """Their jobs."""


def expand(suite: Suite) -> Expansion:
    """Multiply the axes of a suite into runs, and file their jobs.

    Arms that use nothing of stage two are run once, not once for each setting of stages one and two. So are arms whose
    labels want other ones in their place, once for each of theirs that differs.
    Repetition r of stage three uses repetition r modulo n of stage one, where that has n seeds.

    Raises:
        DataError: If a data set has become unreadable since the suite was checked.
    """
    graph = JobGraph()
    runs: dict[str, Run] = {}
    for experiment in suite.experiments:
        for run in _Expander(experiment, graph).runs():
            runs.setdefault(run.run_id, run)
    return Expansion(runs=tuple(runs.values()), graph=graph)


class _Expander:
    """Expands one experiment into a graph; equal jobs are made once."""

    def __init__(self, experiment: Experiment, graph: JobGraph) -> None:
        self._experiment = experiment
        self._graph = graph
        self._discovered: dict[tuple[str, int, int, int], dict[str, str]] = {}

    def runs(self) -> Iterator[Run]:
        """Yield every run, and file its jobs."""
        experiment = self._experiment
        found = {id(choice): discoveries(experiment, choice) for _, choice in arm_choices(experiment)}
        for data in experiment.data:
            data_key = self._add(
                stage="data", config=data.config, fingerprint=facts_of(data.parts["dataset"]).fingerprint
            )
            for learn, arm in itertools.product(experiment.learn, experiment.arms):
                for choice in arm.choices:
                    yield from self._settings(arm.name, data_key, found[id(choice)], (data, learn, choice))

    def _settings(
        self, arm: str, data_key: str, found: list[Discovered], others: tuple[Choice, Choice, Choice]
    ) -> Iterator[Run]:
        """Yield the runs of an arm for each setting of stages one and two that is wanted beside the others."""
        data, learn, choice = others
        for stages in found:
            if is_wanted(self._experiment, (data, *stages.written, learn, choice), arm=arm):
                chosen = (data, *stages.run, learn, choice)
                yield from self._repetitions(arm, data_key, stages.run, chosen)

    def _repetitions(
        self, arm: str, data_key: str, found: tuple[Choice, ...], chosen: tuple[Choice, ...]
    ) -> Iterator[Run]:
        columns = {name: value for choice in chosen for name, value in choice.columns.items()}
        config = {**chosen[-2].config, **chosen[-1].config}
        for repetition in range(self._experiment.seeds):
            keys, stage_one = {"data": data_key}, None
            if found:
                stage_one = repetition % (found[0].seeds or self._experiment.seeds)
                keys = self._discovery_jobs(data_key, *found, seed=stage_one)
            inputs = {role: keys[role] for role in ("data", "discover") if role in keys}
            keys = keys | {"learn": self._add(stage="learn", config=config, inputs=inputs, seed=repetition)}
            yield Run(
                run_id=content_hash([self._experiment.variant, arm, repetition, keys])[:_RUN_ID_LENGTH],
                variant=self._experiment.variant,
                arm=arm,
                repetition=repetition,
                stage_one_seed=stage_one,
                keys=keys,
                columns=columns,
            )

    def _discovery_jobs(
        self, data: str, disentangle: Choice, discover: Choice, *, seed: int
    ) -> dict[str, str]:
        name = (data, id(disentangle), id(discover), seed)
        if name not in self._discovered:
            keys = {"data": data}
            keys["disentangle"] = self._add(
                stage="disentangle", config=disentangle.config, inputs=dict(keys), seed=seed
            )
            keys["discover"] = self._add(
                stage="discover", config=discover.config, inputs=dict(keys), seed=seed
            )
            metrics = {"metrics": list(self._experiment.metrics)}
            keys["measure"] = self._add(stage="measure", config=metrics, inputs=dict(keys), seed=seed)
            self._discovered[name] = keys
        return self._discovered[name]

    def _add(self, **fields: Any) -> str:
        return self._graph.add(Job(**fields))
