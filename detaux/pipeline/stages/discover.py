"""Stage `discover`: choose a subspace, cluster it, and write the labels of the auxiliary task."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.seeding import derive_seed
from detaux.data.sheet import contact_sheet
from detaux.discover.registries import clusterings, criteria
from detaux.discover.samples import pick_samples
from detaux.discover.task import AuxiliaryTask, discover
from detaux.metrics import compute_metric
from detaux.pipeline.files import load_array, save_array, save_json, save_picture, save_scores
from detaux.pipeline.loaded import LoadedData, load_data
from detaux.pipeline.parts import build
from detaux.pipeline.stage import Context

_SAMPLES_PER_CLUSTER = 12
_MAX_CLUSTERS_SHOWN = 24


def run(context: Context) -> None:
    """Write labels_train.npy, labels_validation.npy, subspaces.json, clusters.png and scores.json.

    Config: `subspace` {name, options}, `clustering` {name, options}, `noise`, `min_variance_share`.
    Inputs: data, disentangle.

    Raises:
        NoAuxiliaryTaskError: If there is no subspace to cluster, or fewer than two clusters in it.
    """
    data = load_data(context.inputs["data"])
    codes = load_array(context.inputs["disentangle"] / "codes_train.npy")
    seed = derive_seed("discover", context.seed)
    context.progress(0.0, "clustering")
    task = discover(
        codes,
        load_array(context.inputs["disentangle"] / "codes_validation.npy"),
        data.labels[data.split.train],
        criterion=build(criteria, context.config["subspace"]),
        clustering=build(clusterings, context.config["clustering"]),
        noise=context.config["noise"],
        min_variance_share=context.config["min_variance_share"],
        seed=seed,
    )
    save_array(context.out / "labels_train.npy", task.train)
    save_array(context.out / "labels_validation.npy", task.validation)
    save_json(context.out / "subspaces.json", describe(task))
    save_picture(context.out / "clusters.png", _picture(data, task, seed=seed))
    silhouette = compute_metric("silhouette", codes[:, task.choice.subspace], task.clusters, seed=seed)
    save_scores(context.out, _scores(task) | {("train", name): value for name, value in silhouette.items()})


def describe(task: AuxiliaryTask) -> dict[str, object]:
    """Say what the task is and, for each subspace, what the choice was made by."""
    return {
        "chosen": task.choice.subspace,
        "num_classes": task.num_classes,
        "num_clusters": task.num_clusters,
        "subspaces": [
            {
                "subspace": k,
                "score": float(score) if np.isfinite(score) else None,
                "variance_share": float(task.choice.variance_share[k]),
                "candidate": k in task.choice.candidates,
            }
            for k, score in enumerate(task.choice.scores)
        ],
    }


def _scores(task: AuxiliaryTask) -> dict[tuple[str, str], float]:
    return {
        ("train", "num_clusters"): task.num_clusters,
        ("train", "noise_share"): task.noise_share,
        ("train", "chosen_subspace"): task.choice.subspace,
        ("train", "dead_subspaces"): task.choice.dead_subspaces,
    }


def _picture(data: LoadedData, task: AuxiliaryTask, *, seed: int) -> NDArray[np.uint8]:
    """Show a row of sample images for each class of the task, noise first where it is a class."""
    rows = pick_samples(task.train, per_cluster=_SAMPLES_PER_CLUSTER, seed=seed)
    positions = np.concatenate(list(rows.values())[:_MAX_CLUSTERS_SHOWN])
    return contact_sheet(data.dataset.images(data.split.train[positions]), columns=_SAMPLES_PER_CLUSTER)
