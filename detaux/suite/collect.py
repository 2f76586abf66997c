"""From the store to tables: a row a run, a row a score. Tables are disposable; the store is the truth."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detaux.core.errors import ArtifactError
from detaux.core.folders import used_as
from detaux.core.hashing import canonical_json
from detaux.pipeline.commits import name_commits
from detaux.pipeline.stage import STAGES
from detaux.pipeline.store import Artifact, Standing, Store
from detaux.suite.curves import thin_losses
from detaux.suite.expand import Expansion, Run
from detaux.suite.suite import Suite

if TYPE_CHECKING:
    import pandas as pd

_SPEED = ("step_seconds", "peak_device_bytes")
_SCORES = ["run_id", "stage", "split", "name", "value"]
_CURVES = ["run_id", "step", "term", "value"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """A job as the store has it."""

    standing: Standing
    reason: str
    artifact: Artifact | None


def collect(suite: Suite, expansion: Expansion, store: Store, folder: Path) -> None:
    """Write `runs.parquet`, `scores.parquet`, `curves.parquet` and `suite.json` of a suite.

    Missing and failed runs are rows too, with their status and reason. `seconds` and `peak_memory_bytes` are those
    of the run's own `learn` job; jobs that runs share are not counted there. `step_seconds` is the mean duration of its
    training steps, `peak_device_bytes` the most memory torch had on a GPU. Curves are losses of stage three over its steps.

    Args:
        suite: The suite.
        expansion: Its runs.
        store: Where their artifacts are.
        folder: Where the tables go.

    Raises:
        LocationError: If they cannot be written there.
    """
    import pandas as pd

    found = {key: _look_up(store, job.stage, key) for key, job in expansion.graph.jobs.items()}
    runs = _uniform(pd.DataFrame([_run_row(suite, run, found) for run in expansion.runs]))
    scores = [row for run in expansion.runs for row in _score_rows(run, found)]
    curves = pd.DataFrame(
        [row for run in expansion.runs for row in _curve_rows(run, found)], columns=_CURVES
    ).astype({"value": "float32"})
    with used_as("--results", folder):
        folder.mkdir(parents=True, exist_ok=True)
        _write(runs, folder / "runs.parquet")
        _write(pd.DataFrame(scores, columns=_SCORES), folder / "scores.parquet")
        _write(curves, folder / "curves.parquet")
        (folder / "suite.json").write_text(json.dumps(_about(suite), indent=1), encoding="utf-8")


def _look_up(store: Store, stage: str, key: str) -> _Found:
    standing, reason = store.standing(stage, key)
    if standing == "missing":
        return _Found(standing=standing, reason=reason, artifact=None)
    try:
        artifact = store.open(stage, key)
    except ArtifactError as damage:
        return _Found(standing="damaged", reason=str(damage), artifact=None)
    return _Found(standing=standing, reason=reason, artifact=artifact)


def _run_row(suite: Suite, run: Run, found: Mapping[str, _Found]) -> dict[str, Any]:
    status, reason = _status(run, found)
    data = _facts(found[run.keys["data"]].artifact, "dataset.json")
    learnt = found[run.keys["learn"]].artifact
    speed = _facts(learnt, "speed.json")
    return {
        "run_id": run.run_id,
        "suite": suite.name,
        "variant": run.variant,
        "arm": run.arm,
        "repetition": run.repetition,
        "stage_one_seed": run.stage_one_seed,
        "status": status,
        "reason": reason,
        "dataset": data.get("name", run.columns["data.dataset.name"]),
        "rendered": data.get("rendered", False),
        **{f"{stage}_key": run.keys.get(stage) for stage in STAGES},
        "seconds": learnt.manifest.seconds if learnt else None,
        "peak_memory_bytes": learnt.manifest.peak_memory_bytes if learnt else None,
        **{name: speed.get(name) for name in _SPEED},
        "commit": _commits(run, found) if learnt else None,
        "device": learnt.manifest.provenance.get("device") if learnt else None,
        "precision": learnt.manifest.provenance.get("precision") if learnt else None,
        **{name: _cell(value) for name, value in run.columns.items()},
    }


def _commits(run: Run, found: Mapping[str, _Found]) -> str:
    """Name the commits that made a run's artifacts, that of the last stage first."""
    artifacts = {stage: found[run.keys[stage]].artifact for stage in reversed([*STAGES]) if stage in run.keys}
    return name_commits(
        {
            stage: artifact.manifest.provenance.get("commit", "")
            for stage, artifact in artifacts.items()
            if artifact
        }
    )


def _status(run: Run, found: Mapping[str, _Found]) -> tuple[str, str]:
    """Return how a run stands: as its last stage does, or why that could not start.

    A run that is done says which of its other artifacts is damaged, as the scores of that one are lacking.
    """
    learnt = found[run.keys["learn"]]
    if learnt.standing == "done":
        damaged = [
            f"{stage}: {found[key].reason}"
            for stage, key in run.keys.items()
            if found[key].standing == "damaged"
        ]
        return "done", "; ".join(damaged)
    for stage in ("data", "disentangle", "discover"):
        before = found.get(run.keys.get(stage, ""))
        if before is not None and before.standing in ("error", "no_auxiliary_task"):
            status = "skipped" if before.standing == "error" else before.standing
            return status, f"{stage}: {before.reason}"
    return learnt.standing, learnt.reason


def _facts(artifact: Artifact | None, name: str) -> dict[str, Any]:
    """Return what a JSON file of an artifact says; nothing where there is none."""
    file = artifact.path / name if artifact else None
    if file is None or not file.is_file():
        return {}
    facts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return facts


def _score_rows(run: Run, found: Mapping[str, _Found]) -> Iterator[dict[str, Any]]:
    for stage, key in run.keys.items():
        artifact = found[key].artifact
        for score in artifact.scores() if artifact else ():
            yield {"run_id": run.run_id, "stage": stage, **score}


def _curve_rows(run: Run, found: Mapping[str, _Found]) -> Iterator[dict[str, Any]]:
    history = _facts(found[run.keys["learn"]].artifact, "history.json")
    return ({"run_id": run.run_id, **row} for row in thin_losses(history.get("losses", [])))


def _about(suite: Suite) -> dict[str, Any]:
    report = {name: value for name, value in suite.report.model_dump().items() if value is not None}
    return {**suite.resolved, "suite": suite.name, "question": suite.question, "report": report}


def _cell(value: Any) -> Any:
    """Return a value that a column can hold: mappings as JSON text, lists of plain values as they are."""
    return canonical_json(value) if isinstance(value, Mapping) else value


def _uniform(table: pd.DataFrame) -> pd.DataFrame:
    """Give each column one type: whole numbers beside fractions become fractions, words beside numbers words."""
    from pandas.api.types import is_object_dtype

    for name in filter(lambda column: is_object_dtype(table[column]), table.columns):
        kinds = {type(value) for value in table[name] if value is not None and value == value}  # noqa: PLR0124 - NaN is not itself
        if kinds == {int, float}:
            table[name] = table[name].astype(float)
        elif len(kinds) > 1:
            table[name] = [None if value is None else str(value) for value in table[name]]
    return table


def _write(table: pd.DataFrame, file: Path) -> None:
    draft = file.with_suffix(".tmp")
    table.to_parquet(draft, index=False)
    draft.replace(file)
