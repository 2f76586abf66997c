"""Pictures of each stage-one model: what its subspaces hold, and the clusters found in one of them."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import pandas as pd

from detaux.report.artifacts import Artifacts
from detaux.report.frames import disentanglement_frame, task_frame
from detaux.report.results import Results
from detaux.report.table import Row
from detaux.report.wording import count, is_null, number, percent

MAX_MODELS = 24
"""More models than these are not shown, so that the page stays a file one can send."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskPicture:
    """The clusters of one auxiliary task."""

    key: str
    """First 12 digits of the key of its `discover` job."""
    said: str
    """What was found, a sentence."""
    clusters: str
    """Sample images of each cluster as a data URI; empty if the store does not hold them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelPicture:
    """One stage-one model."""

    key: str
    """First 12 digits of the key of its `disentangle` job."""
    title: str
    """Data, options and repetitions."""
    runs: str
    """How many runs use it, in words."""
    traversal: str
    """Its traversals as a data URI; empty if the store does not hold them."""
    tasks: tuple[TaskPicture, ...]
    """The auxiliary tasks found in it."""


def gather_pictures(results: Results, artifacts: Artifacts) -> list[ModelPicture]:
    """Return the first `MAX_MODELS` stage-one models with their pictures, in the order of the runs."""
    tasks = task_frame(results)
    models = disentanglement_frame(results).head(MAX_MODELS).to_dict("records")
    return [_model(row, tasks[tasks["model"] == row["model"]], artifacts) for row in models]


def _model(row: Row, tasks: pd.DataFrame, artifacts: Artifacts) -> ModelPicture:
    return ModelPicture(
        key=row["model"][:12],
        title=", ".join(filter(None, [row["data"], row["options"], f"repetition {row['repetitions']}"])),
        runs=count(row["runs"], "run"),
        traversal=_data_uri(artifacts.picture("disentangle", row["model"], "traversal.png")),
        tasks=tuple(_task(task, artifacts) for task in tasks.to_dict("records")),
    )


def _task(row: Row, artifacts: Artifacts) -> TaskPicture:
    clusters = _data_uri(artifacts.picture("discover", row["task"], "clusters.png"))
    return TaskPicture(key=row["task"][:12], said=_found(row), clusters=clusters)


def _found(row: Row) -> str:
    if row["none_found"]:
        return "no auxiliary task was found."
    if is_null(row["num_clusters"]):
        return "no result yet."
    agrees = (
        f", NMI {number(row['best_nmi'], 2)} with {row['best_factor']}"
        if not is_null(row["best_nmi"])
        else ""
    )
    clusters = count(int(row["num_clusters"]), "cluster")
    chosen = row["chosen_subspace"]
    where = "all subspaces together" if is_null(chosen) else f"subspace {number(chosen, 0)}"
    how = f" ({row['stage_two']})" if row["stage_two"] else ""
    return f"{clusters} in {where}{how}, {percent(row['noise_share'])} noise{agrees}."


def _data_uri(png: bytes | None) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}" if png else ""
