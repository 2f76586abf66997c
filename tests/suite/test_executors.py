"""Both executors, on jobs that do next to nothing."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection
from functools import partial
from pathlib import Path

import pytest
import torch

from detaux.core.errors import DataError
from detaux.pipeline.job import Job
from detaux.pipeline.run import run_job
from detaux.pipeline.stage import Context
from detaux.pipeline.store import Store
from detaux.suite.executors.base import Event, ExecutionReport, Executor
from detaux.suite.executors.inline import InlineExecutor
from detaux.suite.executors.ledger import Ledger
from detaux.suite.executors.ray import RayExecutor
from detaux.suite.format import Resources
from detaux.suite.graph import JobGraph


@pytest.fixture(params=["inline", "ray"])
def executor(request: pytest.FixtureRequest, trivial: str) -> Executor:
    if request.param == "inline":
        return InlineExecutor(function=trivial)
    request.getfixturevalue("ray_cluster")
    return RayExecutor(function=trivial)


def _graph(mended: Path) -> JobGraph:
    """Two chains of three from one data job; the second's disentangler fails until the file `mended` exists."""
    graph = JobGraph()
    data = graph.add(Job(stage="data", config={}))
    for name, config in (("a", {"name": "a"}), ("b", {"name": "b", "fail": str(mended)})):
        first = graph.add(Job(stage="disentangle", config=config, inputs={"data": data}))
        second = graph.add(Job(stage="discover", config={}, inputs={"data": data, "disentangle": first}))
        graph.add(Job(stage="learn", config={"arm": name}, inputs={"data": data, "discover": second}))
    graph.add(Job(stage="learn", config={"arm": "stl"}, inputs={"data": data}))
    return graph


def _log(store: Store) -> Counter[str]:
    return Counter(line.split()[0] for line in (store.root / "log.txt").read_text().splitlines())


def test_a_failing_job_skips_its_descendants_and_a_rerun_runs_only_what_is_missing(
    executor: Executor, tmp_path: Path
) -> None:
    store, mended, events = Store(tmp_path / "store"), tmp_path / "mended", list[Event]()
    graph = _graph(mended)
    report = executor.execute(graph, store, resources={}, events=events.append, device="cpu")
    assert (len(report.done), len(report.failed), len(report.skipped)) == (5, 1, 2)
    assert not report.is_clean
    assert set(report.failed.values()) == {"as told"}
    assert Counter(event.status for event in events if event.kind == "ended") == {
        "done": 5,
        "error": 1,
        "skipped": 2,
    }
    assert _log(store) == {"data": 1, "disentangle": 2, "discover": 1, "learn": 2}

    again = executor.execute(graph, store, resources={}, events=events.append)
    assert (len(again.cached), len(again.done), len(again.failed), len(again.skipped)) == (5, 0, 1, 2)

    mended.touch()
    last = executor.execute(graph, store, resources={}, events=events.append, retry_failed=True)
    assert (len(last.cached), len(last.done), len(last.failed)) == (5, 3, 0)
    assert last.is_clean
    assert _log(store) == {"data": 1, "disentangle": 3, "discover": 2, "learn": 3}


def test_a_damaged_artifact_is_redone(executor: Executor, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    graph = JobGraph()
    key = graph.add(Job(stage="data", config={}))
    executor.execute(graph, store, resources={}, events=lambda _: None)
    file = store.folder("data", key) / "seen.json"
    file.write_text(file.read_text().replace("pid", "dip"))
    report = executor.execute(graph, store, resources={}, events=lambda _: None)
    assert report.done == {key}
    assert store.standing("data", key)[0] == "done"


def test_a_leaf_altered_anywhere_is_redone(trivial: str, tmp_path: Path) -> None:
    store, graph, executor = Store(tmp_path / "store"), JobGraph(), InlineExecutor(function=trivial)
    key = graph.add(Job(stage="learn", config={"bytes": 1 << 20}))
    executor.execute(graph, store, resources={}, events=lambda _: None)
    file = store.folder("learn", key) / "large.bin"
    file.write_bytes(b"x" * file.stat().st_size)
    report = executor.execute(graph, store, resources={}, events=lambda _: None)
    assert report.done == {key}
    assert not any(file.read_bytes())


def _seen(store: Store, stage: str, key: str) -> dict[str, object]:
    seen: dict[str, object] = json.loads((store.folder(stage, key) / "seen.json").read_text())
    return seen


@pytest.mark.parametrize(("cpus", "threads"), [(0.5, 1), (1.9, 1), (2, 2), (10**6, os.cpu_count())])
def test_a_job_has_as_many_threads_as_cores(cpus: float, threads: int, trivial: str, tmp_path: Path) -> None:
    store, graph = Store(tmp_path / "store"), JobGraph()
    key = graph.add(Job(stage="learn", config={}))
    before, resources = torch.get_num_threads(), {"learn": Resources(cpus=cpus)}
    InlineExecutor(function=trivial).execute(graph, store, resources=resources, events=lambda _: None)
    assert _seen(store, "learn", key)["threads"] == min(threads, os.cpu_count() or 1)
    assert torch.get_num_threads() == before


def test_resources_are_those_of_the_stage(ray_cluster: None, trivial: str, tmp_path: Path) -> None:
    del ray_cluster
    store = Store(tmp_path / "store")
    graph = JobGraph()
    data = graph.add(Job(stage="data", config={}))
    two = graph.add(Job(stage="disentangle", config={}, inputs={"data": data}))
    resources = {"disentangle": Resources(cpus=2, gpus=0.5), "data": Resources(cpus=64)}
    report = RayExecutor(function=trivial).execute(graph, store, resources=resources, events=lambda _: None)
    assert report.is_clean
    seen = _seen(store, "disentangle", two)
    assert (seen["device"], seen["cpus"], seen["threads"]) == ("cpu", 2, min(2, os.cpu_count() or 1))
    assert _seen(store, "data", data)["threads"] == min(2, os.cpu_count() or 1)


def test_jobs_run_beside_each_other(ray_cluster: None, trivial: str, tmp_path: Path) -> None:
    del ray_cluster
    graph = JobGraph()
    for index in range(2):
        graph.add(Job(stage="data", config={"index": index, "meet": str(tmp_path / "place")}))
    store = Store(tmp_path / "store")
    assert RayExecutor(function=trivial).execute(graph, store, resources={}, events=lambda _: None).is_clean


def test_no_more_jobs_run_than_asked(ray_cluster: None, trivial: str, tmp_path: Path) -> None:
    del ray_cluster
    graph, running, most = JobGraph(), set[str](), 0
    for index in range(3):
        graph.add(Job(stage="data", config={"index": index, "sleep": 0.1}))

    def note(event: Event) -> None:
        nonlocal most
        (running.add if event.kind == "started" else running.discard)(event.job.key)
        most = max(most, len(running))

    store = Store(tmp_path / "store")
    RayExecutor(function=trivial).execute(graph, store, resources={}, events=note, max_concurrent=1)
    assert most == 1


@pytest.mark.usefixtures("ray_cluster", "trivial")
def test_a_lost_worker_is_told_in_one_line_and_its_job_is_run_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    graph, notes, store = JobGraph(), list[str](), Store(tmp_path / "store")
    key = graph.add(Job(stage="data", config={}))
    executor = RayExecutor(function="dying_jobs:run_dying")
    report = executor.execute(graph, store, resources={}, events=lambda event: notes.extend(event.notes))
    assert (report.done, report.is_clean) == ({key}, True)
    assert notes == [f"data {key[:8]}: its worker died; the job is run again"]
    assert "Trial task failed" not in caplog.text


def test_errors_that_the_store_does_not_keep_are_told_apart(trivial: str, tmp_path: Path) -> None:
    """A job whose input is gone ends with an error and leaves no artifact."""
    store, graph = Store(tmp_path / "store"), JobGraph()
    failing = graph.add(Job(stage="data", config={"fail": str(tmp_path / "mended")}))
    orphan = Job(stage="learn", config={}, inputs={"data": "ab12"})
    lone = JobGraph(jobs={orphan.key: orphan}, children={orphan.key: []})
    kept = InlineExecutor(function=trivial).execute(graph, store, resources={}, events=lambda _: None)
    assert (kept.errors, kept.unkept) == ({failing}, set())
    ledger = Ledger(lone, store, lambda _: None, retry_failed=False)
    ledger.end(orphan.key, run_job(orphan, store, device="cpu"))
    assert (ledger.report.errors, ledger.report.unkept) == ({orphan.key}, {orphan.key})


class _Chain:
    """data -> disentangle -> discover -> learn, whose stages write large files of one letter each."""

    def __init__(self, store: Store) -> None:
        self.store, self.letters, self.graph = store, {"data": "a"}, JobGraph()
        self.keys: dict[str, str] = {}
        before: dict[str, str] = {}
        for stage in ("data", "disentangle", "discover", "learn"):
            self.keys[stage] = self.graph.add(Job(stage=stage, config={}, inputs=before))
            before = {stage: self.keys[stage]}

    def write(self, context: Context, stage: str) -> None:
        letter = self.letters.get(stage, "z")
        if not letter:
            raise DataError("no letter")
        (context.out / "large.bin").write_text(letter * (1 << 19))

    def run(self, store: Store | None = None) -> tuple[ExecutionReport, list[str]]:
        notes: list[str] = []
        report = InlineExecutor().execute(
            self.graph,
            store or Store(self.store.root),
            resources={},
            events=lambda event: notes.extend(event.notes),
        )
        return report, notes

    def named(self, keys: Collection[str]) -> set[str]:
        return {stage for stage, key in self.keys.items() if key in keys}

    def file(self, stage: str) -> Path:
        return self.store.folder(stage, self.keys[stage]) / "large.bin"


@pytest.fixture
def chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _Chain:
    chain = _Chain(Store(tmp_path / "store"))
    for stage in chain.keys:
        module = f"detaux.pipeline.stages.{stage}"
        monkeypatch.setattr(f"{module}.run", partial(chain.write, stage=stage))
    assert chain.run()[0].done == set(chain.keys.values())
    return chain


@pytest.mark.parametrize(("length", "said"), [(1 << 19, "has been altered"), (1 << 18, "has 262144 bytes")])
def test_a_large_file_of_an_inner_job_is_redone_and_said(
    chain: _Chain, monkeypatch: pytest.MonkeyPatch, length: int, said: str
) -> None:
    """All that was made of it is there, and was found sound by an earlier look."""
    monkeypatch.setattr("detaux.pipeline.sound.SETTLED_SECONDS", 0)
    assert chain.run()[0].cached == set(chain.keys.values())
    assert chain.store.sound.read().keys() == set(chain.keys.values())
    chain.file("disentangle").write_text("z" * (length - 1) + "y")
    report, (note,) = chain.run()
    assert (chain.named(report.done), report.is_clean) == ({"disentangle"}, True)
    assert chain.named(report.cached) == {"data", "discover", "learn"}
    assert note.startswith("redone: ")
    assert said in note
    assert chain.run()[0].cached == set(chain.keys.values())


def test_what_was_made_of_an_input_that_came_out_otherwise_is_redone(chain: _Chain) -> None:
    """The disentangler is made anew of new data, and comes out as it was, so its descendants stand."""
    chain.file("data").write_text("")
    chain.letters["data"] = "b"
    report, notes = chain.run()
    assert chain.named(report.done) == {"data", "disentangle"}
    assert chain.named(report.cached) == {"discover", "learn"}
    assert ["large.bin has 0 bytes" in notes[0], "made of another data artifact" in notes[1]] == [True, True]


def test_results_stand_where_an_input_cannot_be_made_anew(chain: _Chain) -> None:
    chain.file("data").write_text("")
    chain.letters["data"] = ""
    report, _ = chain.run()
    assert chain.named(report.errors) == {"data"}
    assert (chain.named(report.cached), report.skipped) == ({"disentangle", "discover", "learn"}, {})


def test_ray_takes_what_stands_below_a_redone_job_from_the_store(
    ray_cluster: None, trivial: str, tmp_path: Path
) -> None:
    del ray_cluster
    store, graph = Store(tmp_path / "store"), _graph(tmp_path)
    executor = RayExecutor(function=trivial)
    executor.execute(graph, store, resources={}, events=lambda _: None)
    first = next(key for key, job in graph.jobs.items() if job.stage == "disentangle")
    (store.folder("disentangle", first) / "seen.json").write_text("")
    report = executor.execute(graph, store, resources={}, events=lambda _: None)
    assert report.done == {first}
    assert report.cached == graph.jobs.keys() - {first}
