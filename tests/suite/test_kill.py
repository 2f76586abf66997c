"""Kill the driver without a word in the middle of a run, and give the same command again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from detaux.pipeline.manifest import MANIFEST
from detaux.pipeline.stage import STAGES
from detaux.suite import load_suite, run_suite

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DRIVER = """
import sys
from pathlib import Path
from detaux.pipeline.job import Job
from detaux.pipeline.store import Store
from detaux.suite.executors.ray import RayExecutor
from detaux.suite.graph import JobGraph

graph = JobGraph()
data = graph.add(Job(stage="data", config={"sleep": 0.3}))
for index in range(4):
    first = graph.add(Job(stage="disentangle", config={"index": index, "sleep": 0.7}, inputs={"data": data}))
    second = graph.add(Job(stage="discover", config={"sleep": 0.7}, inputs={"data": data, "disentangle": first}))
    graph.add(Job(stage="learn", config={"sleep": 0.7}, inputs={"data": data, "discover": second}))
executor = RayExecutor(function="trivial_jobs:run_trivial", num_cpus=2)
try:
    report = executor.execute(graph, Store(sys.argv[1]), resources={}, events=lambda event: None)
except KeyboardInterrupt:
    sys.exit(130)
print(len(report.cached), len(report.done))
"""


def _start(store: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(HERE), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(store)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _finish(store: Path) -> tuple[int, int]:
    with _start(store) as driver:
        said, _ = driver.communicate(timeout=120)
    cached, done = said.split()[-2:]
    return int(cached), int(done)


def _scores(store: Path) -> dict[str, str]:
    return {file.parent.name: file.read_text() for file in store.rglob("scores.json")}


def _wait_for(store: Path, artifacts: int) -> None:
    deadline = time.monotonic() + 120
    while len(_scores(store)) < artifacts:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    broken, whole = tmp_path / "broken", tmp_path / "whole"
    with _start(broken) as driver:
        _wait_for(broken, 4)
        driver.kill()
    time.sleep(3)  # workers notice that their driver is gone
    there = len(_scores(broken))
    assert 4 <= there < 13
    assert _finish(broken) == (there, 13 - there)
    assert _finish(whole) == (0, 13)
    assert _scores(broken) == _scores(whole)
    started = Counter((broken / "log.txt").read_text().splitlines())
    assert sum(started.values()) <= 13 + 2  # at most the two jobs that ran at the kill are started twice


@pytest.mark.slow
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_stop_keeps_what_is_done(tmp_path: Path, kind: signal.Signals) -> None:
    with _start(tmp_path) as driver:
        _wait_for(tmp_path, 3)
        driver.send_signal(kind)
        assert driver.wait(timeout=60) == 130
    there = len(_scores(tmp_path))
    assert 3 <= there < 13
    assert _finish(tmp_path) == (there, 13 - there)


SMOKE = {
    "seeds": 1,
    "data.image_size": 16,
    "disentangle.strength": 1,
    "disentangle.steps": 5,
    "learn.steps": 5,
    "measure.metrics": ["mig"],
}
SMOKE_DRIVER = f"""
import sys
from detaux.suite import load_suite, run_suite
run_suite(load_suite(sys.argv[1], changes={SMOKE}), store=sys.argv[2], results=sys.argv[3], executor="inline", device="cpu")
"""


def _there(store: Path) -> set[str]:
    """Return the keys of the artifacts that are in their final place."""
    folders = [file.parent.name for stage in STAGES for file in (store / stage).glob(f"*/*/{MANIFEST}")]
    return {name for name in folders if "." not in name}


def test_a_killed_suite_does_what_is_missing_and_ends_with_the_same_scores(tmp_path: Path) -> None:
    """Real jobs on digits: killed once a model is there, and compared with a run that nobody broke."""
    broken, whole, file = tmp_path / "broken", tmp_path / "whole", ROOT / "suites" / "smoke.yaml"
    command = [sys.executable, "-c", SMOKE_DRIVER, *map(str, (file, broken, tmp_path))]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as driver:
        while len(_there(broken)) < 2:
            assert driver.poll() is None
            time.sleep(0.02)
        driver.kill()
    there = _there(broken)
    suite = load_suite(file, changes=SMOKE)
    ends = {
        store: run_suite(suite, store=store, results=store, executor="inline", device="cpu", progress=False)
        for store in (broken, whole)
    }
    resumed = ends[broken].report
    assert resumed is not None
    assert 2 <= len(there) < 8
    assert (resumed.cached, len(resumed.done)) == (there, 8 - len(there))
    assert set(ends[broken].runs["status"]) == {"done"}
    assert ends[broken].scores.equals(ends[whole].scores)
