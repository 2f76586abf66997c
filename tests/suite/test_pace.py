"""How long jobs take is told by jobs like them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from detaux.pipeline.job import Job
from detaux.pipeline.manifest import MANIFEST
from detaux.pipeline.store import Store
from detaux.suite.expand import expand
from detaux.suite.plan import Plan, plan_suite
from detaux.suite.suite import Suite

Read = Callable[..., Suite]
File = Callable[[Job, float], None]
SMALLER = "data: {image_size: 16}\ndisentangle: {preset: fast}"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def file(store: Store, file_artifact: Callable[..., Path]) -> File:
    """File an artifact of a job that took so many seconds."""

    def file_timed(job: Job, seconds: float) -> None:
        manifest = file_artifact(store, job, {"made.txt": b"up"}) / MANIFEST
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"seconds": seconds}))

    return file_timed


def _jobs(suite: Suite, stage: str) -> list[Job]:
    return [job for job in expand(suite).graph.jobs.values() if job.stage == stage]


def _left(plan: Plan, stage: str) -> float | None:
    return next(found.seconds_left for found in plan.stages if found.stage == stage)


def _file_all(file: File, suite: Suite, stage: str, seconds: float) -> None:
    file(_jobs(suite, "data")[0], 1.0)
    for job in _jobs(suite, stage):
        file(job, seconds)


def test_jobs_on_other_images_say_nothing(read: Read, store: Store, file: File) -> None:
    for stage in ("disentangle", "learn"):
        _file_all(file, read(SMALLER), stage, 0.1)
    plan = plan_suite(read(), store)
    assert [_left(plan, stage) for stage in ("data", "disentangle", "learn")] == [None, None, None]
    assert plan.seconds_left is None


def test_jobs_of_other_suites_on_the_same_images_are_better_than_none(
    read: Read, store: Store, file: File
) -> None:
    _file_all(file, read(SMALLER), "learn", 0.1)
    _file_all(file, read("learn: {steps: 20}"), "learn", 7.0)
    plan = plan_suite(read(), store)
    assert _left(plan, "learn") == len(_jobs(read(), "learn")) * 7.0
    assert (_left(plan, "data"), _left(plan, "disentangle")) == (0.0, None)


def test_the_estimate_learns_from_the_first_job_of_its_own(read: Read, store: Store, file: File) -> None:
    _file_all(file, read("learn: {steps: 20}"), "learn", 0.1)
    first, second, third, *others = _jobs(read(), "learn")
    left = partial(_left, stage="learn")
    assert left(plan_suite(read(), store)) == pytest.approx(0.1 * (3 + len(others)))
    file(first, 40.0)
    assert left(plan_suite(read(), store)) == 40.0 * (2 + len(others))
    file(second, 20.0)
    file(third, 21.0)
    assert left(plan_suite(read(), store)) == 21.0 * len(others)


def test_each_data_set_has_its_own_pace(read: Read, store: Store, file: File) -> None:
    both = "data: [{name: digits, principal: [class]}, {name: digits, image_size: 16, principal: [class]}]"
    (small, large) = (read(f"{both}\ndisentangle: {{preset: fast}}\nseeds: {seeds}") for seeds in (1, 3))
    first, second = _jobs(small, "data")
    file(first, 1.0)
    seconds = {first.key: 2.0, second.key: 5.0}
    done = [job for job in _jobs(small, "learn") if job.inputs["data"] == first.key]
    for job in done:
        file(job, seconds[first.key])
    assert _left(plan_suite(large, store), "learn") is None
    file(second, 1.0)
    done += [job for job in _jobs(small, "learn") if job.inputs["data"] == second.key]
    for job in done:
        if job.inputs["data"] == second.key:
            file(job, seconds[second.key])
    keys = {job.key for job in done}
    left = [job for job in _jobs(large, "learn") if job.key not in keys]
    assert _left(plan_suite(large, store), "learn") == sum(seconds[job.inputs["data"]] for job in left)
