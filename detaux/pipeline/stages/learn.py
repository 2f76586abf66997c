"""Stage `learn`: train the principal task, alone or with an auxiliary one, and score the test split once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.registry import Registry
from detaux.core.seeding import derive_seed
from detaux.data.registries import corruptions
from detaux.data.split import labelled_subset
from detaux.data.staging import stage
from detaux.learn.network import MultiTaskNet
from detaux.learn.registries import architectures, auxiliary, weightings
from detaux.learn.tasks import AuxiliaryContext, Task
from detaux.learn.train import LearnOptions, learn, predict
from detaux.metrics import compute_metric
from detaux.models.registries import backbones
from detaux.pipeline.files import load_array, load_json, save_array, save_json, save_scores
from detaux.pipeline.loaded import LoadedData, load_data
from detaux.pipeline.parts import build
from detaux.pipeline.stage import Context
from detaux.train.history import History
from detaux.train.policy import Policy, policy_for

_PART_OPTIONS: Mapping[str, Registry[Any]] = {
    "architecture": architectures,
    "backbone": backbones,
    "weighting": weightings,
    "corruption": corruptions,
}


def run(context: Context) -> None:
    """Write history.json, predictions_validation.npy, predictions_test.npy (N,) and scores.json.

    Config: `auxiliary`, `weighting`, `architecture`, `backbone`, `corruption` {name, options}, `train_size`, and
    the numbers of `LearnOptions`. Inputs: data, and discover where the auxiliary task needs it.
    """
    data = load_data(context.inputs["data"])
    policy = policy_for(context.device)
    options = learn_options(context.config)
    positions = labelled_subset(
        data.split.train,
        data.labels,
        size=context.config.get("train_size"),
        seed=derive_seed("labelled", context.seed),
    )
    net, history = _train(context, data, positions, options, policy)
    save_json(context.out / "history.json", asdict(history))
    scores: dict[tuple[str, str], float] = {("train", "num_labelled"): len(positions)}
    for part in ("validation", "test"):
        guesses = _predict(net, data, part, options, policy)
        save_array(context.out / f"predictions_{part}.npy", guesses)
        found = _scores(guesses, data, data.split.parts[part])
        scores |= {(part, name): value for name, value in found.items()}
    save_scores(context.out, scores)


def learn_options(config: Mapping[str, Any]) -> LearnOptions:
    """Make the options of stage three from a job's config: parts from their registries, numbers as they are."""
    parts = {
        name: build(registry, config[name]) for name, registry in _PART_OPTIONS.items() if name in config
    }
    numbers = {
        name: value
        for name, value in config.items()
        if name not in {*_PART_OPTIONS, "auxiliary", "train_size"}
    }
    return LearnOptions(**parts, **numbers)


def _train(
    context: Context, data: LoadedData, positions: NDArray[np.int64], options: LearnOptions, policy: Policy
) -> tuple[MultiTaskNet, History]:
    """Train on the labelled images, given as positions in the training split; the test split has no part in it."""
    index, validation = data.split.train[positions], data.split.validation
    return learn(
        stage(data.dataset, index, policy.device),
        Task(name="principal", labels=data.labels[index], num_classes=data.num_classes),
        build(auxiliary, context.config["auxiliary"]).task(_auxiliary_context(context, data, positions)),
        (stage(data.dataset, validation, policy.device), data.labels[validation]),
        options=options,
        seed=context.seed,
        policy=policy,
        work=context.work,
        progress=context.progress,
    )


def _predict(
    net: MultiTaskNet, data: LoadedData, part: str, options: LearnOptions, policy: Policy
) -> NDArray[np.int64]:
    """Return the principal classes of a part's images, under noise that is the same in every run."""
    images = stage(data.dataset, data.split.parts[part], policy.device)
    seed = derive_seed("evaluate", part)
    return predict(net, images, corruption=options.corruption, seed=seed, policy=policy)


def _auxiliary_context(context: Context, data: LoadedData, positions: NDArray[np.int64]) -> AuxiliaryContext:
    discovered, num_discovered = None, 0
    if "discover" in context.inputs:
        discovered = np.array(load_array(context.inputs["discover"] / "labels_train.npy")[positions])
        num_discovered = load_json(context.inputs["discover"] / "subspaces.json")["num_classes"]
    return AuxiliaryContext(
        factors=data.factors(data.split.train[positions]),
        factor_names=data.dataset.factor_names,
        factor_sizes=data.dataset.factor_sizes,
        principal=data.principal,
        discovered=discovered,
        num_discovered=num_discovered,
        seed=context.seed,
    )


def _scores(guesses: NDArray[np.int64], data: LoadedData, index: NDArray[np.int64]) -> dict[str, float]:
    labels = data.labels[index]
    labels_and_groups = np.column_stack([labels, data.dataset.groups(index)])
    return {
        **compute_metric("accuracy", guesses, labels),
        **compute_metric("macro_f1", guesses, labels),
        **compute_metric("worst_group", guesses, labels_and_groups),
    }
