from __future__ import annotations

import io
from pathlib import Path

import pytest

from detaux.pipeline.job import Job
from detaux.pipeline.store import Store
from detaux.suite.executors.base import Event
from detaux.suite.graph import JobGraph
from detaux.suite.progress import shown


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def jobs() -> list[Job]:
    return [
        Job(stage="data", config={}),
        *(Job(stage="learn", config={"index": index}) for index in range(3)),
    ]


@pytest.fixture
def graph(jobs: list[Job]) -> JobGraph:
    graph = JobGraph()
    for job in jobs:
        graph.add(job)
    return graph


def test_lines_tell_endings_with_reason(
    graph: JobGraph, jobs: list[Job], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with shown(graph, Store(tmp_path)) as events:
        events(Event(kind="cached", job=jobs[0]))
        events(Event(kind="started", job=jobs[1]))
        events(
            Event(
                kind="ended",
                job=jobs[1],
                status="error",
                reason="diverged\ntrace",
                seconds=1.25,
                notes=("redone: x",),
            )
        )
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [f"[2/4] learn {jobs[1].key[:8]} error in 1.2 s: diverged", "redone: x"]


def test_lines_tell_of_running_jobs_now_and_then(
    graph: JobGraph,
    jobs: list[Job],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("detaux.suite.progress._LINE_SECONDS", 0.0)
    monkeypatch.setattr("detaux.suite.progress._POLL_SECONDS", 0.01)
    with shown(graph, Store(tmp_path)) as events:
        events(Event(kind="started", job=jobs[1]))
        while f"running: learn {jobs[1].key[:8]} 0%" not in capsys.readouterr().err:
            pass


def test_bars_on_a_terminal(
    graph: JobGraph, jobs: list[Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with shown(graph, Store(tmp_path)) as events:
        events(Event(kind="cached", job=jobs[0]))
        events(Event(kind="started", job=jobs[1]))
        events(Event(kind="ended", job=jobs[1], status="error", reason="[diverged]"))
    text = terminal.getvalue()
    assert "[diverged]" in text
    assert "1 failed" in text
    assert "1 cached" in text


def test_nothing_is_shown_where_none_is_wanted(
    graph: JobGraph, jobs: list[Job], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with shown(graph, Store(tmp_path), on=False) as events:
        events(Event(kind="ended", job=jobs[0]))
    assert capsys.readouterr().err == ""
