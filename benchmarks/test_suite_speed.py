"""Planning, and what Ray adds to a job."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from detaux.pipeline.job import Job
from detaux.pipeline.store import Store
from detaux.suite.graph import JobGraph

HELPERS = Path(__file__).resolve().parents[1] / "tests" / "suite"
TEN_THOUSAND_JOBS = """
suite: large
question: How long does it take to plan?
version: 1
seeds: 10
data: {name: digits, principal: [class]}
disentangle: {method: detaux, strength: [0, 0.25, 0.5, 1, 2, 4], subspaces: [3, 5, 10]}
discover: {subspace: [orthogonality, cosine, worst], clustering: [hdbscan, kmeans]}
learn:
  steps: 10
  arms:
    - {name: stl, auxiliary: none}
    - {name: detaux, auxiliary: discovered, weighting: [equal, uncertainty, pcgrad]}
    - {name: random, auxiliary: random}
    - {name: shuffled, auxiliary: shuffled, weighting: [equal, uncertainty, pcgrad]}
"""
"""180 disentanglers, 1,080 discoveries and as many measurements, 6,500 learners; twice the learning rates makes more."""


def test_planning_ten_thousand_jobs_takes_under_5_s(benchmark: Any, tmp_path: Path) -> None:
    from detaux.suite.plan import plan_suite
    from detaux.suite.suite import read_suite

    file = tmp_path / "large.yaml"
    file.write_text(TEN_THOUSAND_JOBS.replace("steps: 10", "steps: [10, 20]"))
    read_suite(file)  # imports torch and the rooms, once a process

    plan = benchmark.pedantic(lambda: plan_suite(read_suite(file), Store(tmp_path / "store")), rounds=3)

    benchmark.extra_info["jobs"] = len(plan.expansion.graph)
    assert len(plan.expansion.graph) >= 10_000
    if benchmark.stats:
        assert benchmark.stats["min"] < 5


def test_ray_adds_under_a_third_of_a_second_to_a_job(
    benchmark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detaux.suite.executors.ray import RayExecutor, cluster

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HELPERS), os.environ.get("PYTHONPATH", "")]))
    executor = RayExecutor(function="trivial_jobs:run_trivial")
    ends: list[float] = []

    def run() -> None:
        graph = JobGraph()
        for index in range(200):
            graph.add(Job(stage="data", config={"index": index}))
        store = Store(tmp_path / str(len(ends)))
        executor.execute(
            graph,
            store,
            resources={},
            events=lambda event: ends.append(time.monotonic()) if event.kind == "ended" else None,
        )

    with cluster(num_cpus=2):
        benchmark.pedantic(run, rounds=1)
    steady = sorted(ends)[20:]
    each = (steady[-1] - steady[0]) / (len(steady) - 1)
    benchmark.extra_info["seconds_a_job"] = each
    assert each < 0.3
