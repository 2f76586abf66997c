"""Arms that cluster other codes than the suite's: what their settings and tasks are called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from detaux.pipeline.manifest import MANIFEST, describe_files
from detaux.report.artifacts import Artifacts
from detaux.report.frames import runs_frame, task_frame
from detaux.report.labels import label_runs
from detaux.report.page.cautions import gather_cautions
from detaux.report.page.pictures import _found
from detaux.report.tables.discovered_tasks import discovered_tasks

METHOD = "disentangle.method.name"


def test_strengths_of_different_disentanglers_are_told_apart(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5])
    for strength in (0.0, 1.0):
        made_up.add("detaux", [0.5], strength=strength, models=["a"], **{METHOD: "detaux"})
    made_up.add("features", [0.5], strength=1.0, models=["b"], **{METHOD: "supervised"})
    made_up.add("pixels", [0.5], models=["c"], **{METHOD: "pixels"})
    assert list(label_runs(made_up.results(tmp_path))["setting"]) == [
        "",
        "strength 0, method detaux",
        "strength 1, method detaux",
        "strength 1, method supervised",
        "method pixels",
    ]


def test_disentanglers_are_not_named_where_no_option_of_theirs_varies(made_up: Any, tmp_path: Path) -> None:
    for arm in ("detaux", "pixels"):
        made_up.add(arm, [0.5], models=["a"], **{METHOD: arm})
    assert set(label_runs(made_up.results(tmp_path))["setting"]) == {""}


def test_the_whole_code_is_no_numbered_subspace(made_up: Any, tmp_path: Path) -> None:
    made_up.add("pixels", [0.5], models=["a"], measured={"num_clusters": 4, "noise_share": 0.25})
    results = made_up.results(tmp_path)
    (row,) = task_frame(results).to_dict("records")
    assert _found(row) == "4 clusters in all subspaces together, 25 % noise."
    (column,) = (column for column in discovered_tasks(results).columns if column.title == "Subspace")
    assert column.show(row) == "all"


def test_tasks_that_were_asked_for_and_not_found_are_told(made_up: Any, tmp_path: Path) -> None:
    made_up.add("detaux", [0.5], models=["a"])
    made_up.save_store(tmp_path / "store")
    key = made_up.runs[0]["discover_key"]
    file = tmp_path / "store" / "discover" / key[:2] / key / "notes.json"
    file.write_text('["subspace 4 has 1 cluster, and a task needs 2"]')
    describe_anew(file.parent)
    runs = runs_frame(made_up.results(tmp_path / "results"))
    (said,) = [
        text for text in gather_cautions(runs, Artifacts(location=tmp_path / "store")) if "subspace" in text
    ]
    assert said == (
        f"subspace 4 has 1 cluster, and a task needs 2. Found so: digits, repetition 0 (discover job {key[:12]})."
    )


def describe_anew(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"] = describe_files(folder)
    (folder / MANIFEST).write_text(json.dumps(manifest))
