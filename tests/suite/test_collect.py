"""Plan, run, collect: on trivial jobs, so that what is tested is the bookkeeping."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from detaux.cli.printing import print_status
from detaux.core.errors import DataError, LocationError, SuiteError, UnknownNameError
from detaux.pipeline.manifest import MANIFEST
from detaux.pipeline.store import Store
from detaux.suite import load_results, load_suite, run_suite
from detaux.suite.collect import collect
from detaux.suite.executors.inline import InlineExecutor
from detaux.suite.expand import expand
from detaux.suite.plan import plan_suite
from detaux.suite.suite import Suite

Read = Callable[..., Suite]


FileArtifact = Callable[..., Path]


def test_every_run_and_score_is_a_row(read: Read, trivial: str, tmp_path: Path) -> None:
    suite = read()
    results = run_suite(
        suite,
        store=tmp_path / "store",
        results=tmp_path,
        executor=InlineExecutor(function=trivial),
        progress=False,
    )
    assert results.report is not None
    assert results.report.is_clean
    assert len(results.runs) == 14
    assert set(results.runs["status"]) == {"done"}
    assert set(results.runs["commit"]) == {"abc"}
    assert (
        len(results.scores) == 2 * 2 + 12 * 5
    )  # a score a job: data and learn, and three more with discovery
    stl = results.runs.set_index("arm").loc["stl"]
    assert stl["disentangle_key"].isna().all()
    assert stl["stage_one_seed"].isna().all()
    assert list(stl["data.principal"].iloc[0]) == ["class"]
    about = json.loads((tmp_path / "test" / "suite.json").read_text())
    assert (about["suite"], about["question"]) == ("test", "Does it?")
    again = load_results(tmp_path / "test")
    assert again.runs.equals(results.runs)
    assert again.scores.equals(results.scores)


def test_a_run_names_the_commits_of_all_its_artifacts(read: Read, trivial: str, tmp_path: Path) -> None:
    suite, store = read("seeds: 1"), Store(tmp_path / "store")
    expansion, executor = expand(suite), InlineExecutor(function=trivial)
    run_suite(suite, store=store.root, results=tmp_path, executor=executor, progress=False)
    found = next(run for run in expansion.runs if run.arm == "detaux")
    _change_provenance(store.folder("disentangle", found.keys["disentangle"]), commit="d4e5f6a7b8")
    _change_provenance(store.folder("learn", found.keys["learn"]), device="cuda:0", precision="bfloat16")
    collect(suite, expansion, store, tmp_path / "test")
    runs = load_results(tmp_path / "test").runs.set_index("run_id")
    assert runs["commit"][found.run_id] == "abc (measure, learn, discover, data), d4e5f6a (disentangle)"
    assert (runs["device"][found.run_id], runs["precision"][found.run_id]) == ("cuda:0", "bfloat16")
    assert set(runs["commit"][runs["arm"] == "stl"]) == {"abc"}


def _change_provenance(folder: Path, **facts: str) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["provenance"] |= facts
    (folder / MANIFEST).write_text(json.dumps(manifest))


def test_missing_failed_and_empty_runs_stay_visible(
    read: Read, tmp_path: Path, file_artifact: FileArtifact
) -> None:
    suite, store = read("disentangle: {strength: [0, 1, 2]}\nseeds: 1"), Store(tmp_path / "store")
    expansion = expand(suite)
    jobs = expansion.graph.jobs
    found = {run.columns["disentangle.method.strength"]: run for run in expansion.runs if run.arm == "detaux"}
    file_artifact(store, jobs[found[0].keys["disentangle"]], {}, status="error", reason="diverged")
    file_artifact(store, jobs[found[1].keys["discover"]], {}, status="no_auxiliary_task", reason="1 cluster")
    stl = next(run for run in expansion.runs if run.arm == "stl")
    file_artifact(store, jobs[stl.keys["learn"]], {}, status="error", reason="out of luck")
    collect(suite, expansion, store, tmp_path / "test")
    runs = load_results(tmp_path / "test").runs.set_index("run_id")
    standing = {
        name: (runs["status"][run.run_id], runs["reason"][run.run_id])
        for name, run in {**found, "stl": stl}.items()
    }
    assert standing == {
        0: ("skipped", "disentangle: diverged"),
        1: ("no_auxiliary_task", "discover: 1 cluster"),
        2: ("missing", ""),
        "stl": ("error", "out of luck"),
    }


def test_curves_and_speed_of_stage_three_are_collected(
    read: Read, tmp_path: Path, file_artifact: FileArtifact
) -> None:
    suite, store = read("seeds: 1"), Store(tmp_path / "store")
    expansion = expand(suite)
    stl, random = (next(run for run in expansion.runs if run.arm == arm) for arm in ("stl", "random"))
    history = {"losses": [{"step": 5, "principal": 2.0}, {"step": 10, "principal": 1.0, "auxiliary": 3.0}]}
    files = {"history.json": history, "speed.json": {"step_seconds": 0.5, "peak_device_bytes": None}}
    written = {name: json.dumps(content).encode() for name, content in files.items()}
    file_artifact(store, expansion.graph.jobs[stl.keys["learn"]], written)
    file_artifact(store, expansion.graph.jobs[random.keys["learn"]], {"history.json": b"{}"})
    collect(suite, expansion, store, tmp_path / "test")
    curves = pd.read_parquet(tmp_path / "test" / "curves.parquet")
    assert curves.to_numpy().tolist() == [
        [stl.run_id, 5, "principal", 2.0],
        [stl.run_id, 10, "principal", 1.0],
        [stl.run_id, 10, "auxiliary", 3.0],
    ]
    runs = load_results(tmp_path / "test").runs.set_index("run_id")
    assert runs["step_seconds"].dropna().to_dict() == {stl.run_id: 0.5}
    assert runs["peak_device_bytes"].isna().all()


def test_damage_is_told_as_such(
    read: Read, trivial: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suite, store = read("seeds: 1"), Store(tmp_path / "store")
    expansion = expand(suite)
    executor = InlineExecutor(function=trivial)
    run_suite(suite, store=store.root, results=tmp_path, executor=executor, progress=False)
    stl = next(run for run in expansion.runs if run.arm == "stl")
    found = next(run for run in expansion.runs if run.arm == "detaux")
    for stage, key in (("learn", stl.keys["learn"]), ("measure", found.keys["measure"])):
        (store.folder(stage, key) / "seen.json").write_text("{}")
    collect(suite, expansion, store, tmp_path / "test")
    runs = load_results(tmp_path / "test").runs.set_index("run_id")
    assert runs["status"][stl.run_id] == "damaged"
    assert "seen.json has 2 bytes" in runs["reason"][stl.run_id]
    assert runs["status"][found.run_id] == "done"
    assert runs["reason"][found.run_id].startswith("measure: ")
    print_status(load_results(tmp_path / "test").runs)
    said = capsys.readouterr().out
    assert "1 damaged: " in said
    assert "done: measure: " in said


def test_a_plan_counts_what_is_there_and_guesses_the_rest(read: Read, trivial: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    before = plan_suite(read(), store)
    assert {stage.stage: stage.num_left for stage in before.stages} == {
        "data": 1,
        "disentangle": 4,
        "discover": 4,
        "learn": 14,
        "measure": 4,
    }
    assert before.seconds_left is None
    executor = InlineExecutor(function=trivial)
    run_suite(read("seeds: 1"), store=store.root, results=tmp_path, executor=executor, progress=False)
    after = plan_suite(read(), store)
    assert {stage.stage: dict(stage.standings) for stage in after.stages}["learn"] == {
        "done": 7,
        "missing": 7,
    }
    assert after.seconds_left == 0.0  # trivial jobs say that they took no time
    plain = json.loads(json.dumps(after.as_dict()))
    assert plain["stages"]["disentangle"]["done"] == 2
    assert {job["key"] for job in plain["jobs"]} == set(after.expansion.graph.jobs)
    assert {run["jobs"]["learn"] for run in plain["runs"]} <= {job["key"] for job in plain["jobs"]}


def test_an_unknown_suite_has_near_misses() -> None:
    with pytest.raises(SuiteError, match="did you mean 'quickstart'"):
        load_suite("quickstrt")


def test_results_that_are_not_there_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="run the suite first"):
        load_results(tmp_path)


def test_tables_that_cannot_be_written_are_told_by_their_place(read: Read, tmp_path: Path) -> None:
    suite = read()
    (tmp_path / "test").touch()
    with pytest.raises(LocationError, match=r"--results .*test'.*a file is in the way"):
        collect(suite, expand(suite), Store(tmp_path / "store"), tmp_path / "test")


def test_an_unknown_executor_is_an_error(read: Read, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="inline"):
        run_suite(read(), store=tmp_path, results=tmp_path, executor="inlin", progress=False)  # type: ignore[arg-type]  # wrong on purpose
