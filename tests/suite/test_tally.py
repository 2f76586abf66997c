from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from detaux.pipeline.job import Job
from detaux.pipeline.store import Store
from detaux.suite.executors.base import Event
from detaux.suite.graph import JobGraph
from detaux.suite.tally import Tally

JOBS = [Job(stage="data", config={}), *(Job(stage="learn", config={"index": index}) for index in range(4))]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def tally(store: Store) -> Tally:
    graph = JobGraph()
    for job in JOBS:
        graph.add(job)
    return Tally(graph, store)


def write_share(store: Store, job: Job, share: float) -> None:
    work = store.work_folder(job.key)
    work.mkdir(parents=True)
    (work / "progress.json").write_text(json.dumps({"share": share, "text": "", "time": 0}))


def end(job: Job, *, status: str = "done", seconds: float = 0.0) -> Event:
    return Event(kind="ended", job=job, status=status, seconds=seconds)  # type: ignore[arg-type]  # words of JobStatus


def test_jobs_are_counted_by_stage(tally: Tally, store: Store) -> None:
    tally.note(Event(kind="cached", job=JOBS[0]))
    for job in JOBS[1:3]:
        tally.note(Event(kind="started", job=job))
    write_share(store, JOBS[1], 0.25)
    assert tally.counts("learn") == {"running": 2}
    assert tally.share_done("learn") == 0.25
    tally.note(end(JOBS[2], status="error"))
    assert tally.counts("learn") == {"failed": 1, "running": 1}
    assert (tally.ended("learn"), tally.ended("data")) == (1, 1)


def test_nothing_is_foretold_before_a_pace_is_known(tally: Tally) -> None:
    tally.note(Event(kind="started", job=JOBS[1]))
    assert tally.time_left() is None


def test_time_left_is_that_of_the_jobs_left_at_the_pace_of_their_stage(tally: Tally) -> None:
    tally.note(end(JOBS[0], seconds=100))
    tally.note(Event(kind="started", job=JOBS[1]))
    tally.note(Event(kind="started", job=JOBS[2]))
    tally.note(end(JOBS[1], seconds=10))
    tally.note(end(JOBS[2], seconds=20))
    left = tally.time_left()
    assert left is not None
    assert left.is_whole
    assert left.seconds == pytest.approx(2 * 15 / 2)


def test_a_stage_that_has_not_run_yet_is_left_out_and_said(tally: Tally) -> None:
    tally.note(Event(kind="started", job=JOBS[1]))
    tally.note(end(JOBS[1], seconds=10))
    left = tally.time_left()
    assert left is not None
    assert not left.is_whole


def test_a_running_job_foretells_its_stage(
    tally: Tally, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    tally.note(Event(kind="cached", job=JOBS[0]))
    tally.note(Event(kind="started", job=JOBS[1]))
    write_share(store, JOBS[1], 0.5)
    monkeypatch.setattr(time, "monotonic", lambda: now + 30)
    left = tally.time_left()
    assert left is not None
    assert left.seconds == pytest.approx(3.5 * 60)
