"""Stage `discover`: choose subspaces, cluster them, and write the labels of the auxiliary tasks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes
from detaux.core.seeding import derive_seed
from detaux.data.sheet import contact_sheet
from detaux.discover.registries import clusterings, criteria
from detaux.discover.samples import pick_samples
from detaux.discover.task import AuxiliaryTask, Found, discover
from detaux.metrics import compute_metric
from detaux.pipeline.files import load_array, save_array, save_json, save_picture, save_scores
from detaux.pipeline.loaded import LoadedData, load_data
from detaux.pipeline.parts import build
from detaux.pipeline.stage import Context

_SAMPLES_PER_CLUSTER = 12
_MAX_CLUSTERS_SHOWN = 24


def run(context: Context) -> None:
    """Write labels_train.npy (n, A), labels_validation.npy (m, A), subspaces.json, notes.json, clusters.png, scores.json.

    A is the number of tasks found; the scores and the picture are of the first of them. notes.json says why there are
    fewer than were asked for.

    Config: `subspace` {name, options}, `clustering` {name, options}, `noise`, `min_variance_share`, `tasks` (1 where it
    is left out). Inputs: data, disentangle.

    Raises:
        NoAuxiliaryTaskError: If there is no subspace to cluster, or fewer than two clusters in each.
    """
    data = load_data(context.inputs["data"])
    codes = load_array(context.inputs["disentangle"] / "codes_train.npy")
    seed = derive_seed("discover", context.seed)
    context.progress(0.0, "clustering")
    criterion = build(criteria, context.config["subspace"])
    found = discover(
        codes,
        load_array(context.inputs["disentangle"] / "codes_validation.npy"),
        data.labels[data.split.train],
        criterion=criterion,
        clustering=build(clusterings, context.config["clustering"]),
        noise=context.config["noise"],
        min_variance_share=context.config["min_variance_share"],
        tasks=context.config.get("tasks", 1),
        seed=seed,
    )
    save_array(context.out / "labels_train.npy", np.column_stack([task.train for task in found.tasks]))
    save_array(
        context.out / "labels_validation.npy", np.column_stack([task.validation for task in found.tasks])
    )
    save_json(context.out / "subspaces.json", describe(found))
    save_json(context.out / "notes.json", list(found.notes))
    save_picture(context.out / "clusters.png", _picture(data, found.tasks[0], seed=seed))
    save_scores(context.out, _scores(found, criterion.blocks(codes), seed=seed))


def describe(found: Found) -> dict[str, object]:
    """Say what the tasks are, each at its place, and, for each subspace, what the choice was made by."""
    return {
        "chosen": [task.subspace for task in found.tasks],
        "num_classes": [task.num_classes for task in found.tasks],
        "num_clusters": [task.num_clusters for task in found.tasks],
        "subspaces": [
            {
                "subspace": k,
                "score": float(score) if np.isfinite(score) else None,
                "variance_share": float(found.choice.variance_share[k]),
                "candidate": k in found.choice.ranking,
            }
            for k, score in enumerate(found.choice.scores)
        ],
    }


def _scores(found: Found, blocks: Codes, *, seed: int) -> dict[tuple[str, str], float]:
    """Score the first task; the whole code as one block has no subspace that was chosen."""
    task = found.tasks[0]
    chosen = {"chosen_subspace": task.subspace} if blocks.shape[1] > 1 else {}
    scores = {
        "num_tasks": len(found.tasks),
        "num_clusters": task.num_clusters,
        "noise_share": task.noise_share,
        **chosen,
        "dead_subspaces": found.choice.dead_subspaces,
        **compute_metric("silhouette", blocks[:, task.subspace], task.clusters, seed=seed),
    }
    return {("train", name): value for name, value in scores.items()}


def _picture(data: LoadedData, task: AuxiliaryTask, *, seed: int) -> NDArray[np.uint8]:
    """Show a row of sample images for each class of the task, noise first where it is a class."""
    rows = pick_samples(task.train, per_cluster=_SAMPLES_PER_CLUSTER, seed=seed)
    positions = np.concatenate(list(rows.values())[:_MAX_CLUSTERS_SHOWN])
    return contact_sheet(data.dataset.images(data.split.train[positions]), columns=_SAMPLES_PER_CLUSTER)
