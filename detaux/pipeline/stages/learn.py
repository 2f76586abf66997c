"""Stage `learn`: train the principal task, alone or with auxiliary ones, and score the test split once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.registry import Registry
from detaux.core.seeding import derive_seed
from detaux.data.registries import augmentations, corruptions
from detaux.data.split import labelled_subset
from detaux.data.staging import stage
from detaux.learn.registries import architectures, auxiliary, weightings
from detaux.learn.tasks import AnyTask, AuxiliaryContext, Task
from detaux.learn.train import LearnOptions, Learnt, learn, predict
from detaux.models.registries import backbones
from detaux.pipeline.files import load_array, load_json, save_array, save_json, save_scores
from detaux.pipeline.learn_scores import (
    auxiliary_scores,
    conflict_scores,
    cost_scores,
    peak_device_bytes,
    principal_scores,
)
from detaux.pipeline.loaded import LoadedData, load_data
from detaux.pipeline.parts import build
from detaux.pipeline.stage import Context
from detaux.train.policy import Policy, policy_for

_PART_OPTIONS: Mapping[str, Registry[Any]] = {
    "architecture": architectures,
    "backbone": backbones,
    "weighting": weightings,
    "corruption": corruptions,
    "augmentation": augmentations,
}


def run(context: Context) -> None:
    """Write history.json, predictions_validation.npy, predictions_test.npy (N,), speed.json and scores.json.

    Config: `auxiliary`, `weighting`, `architecture`, `backbone`, `corruption`, `augmentation` {name, options},
    `train_size`, and the numbers of `LearnOptions`. Inputs: data, and discover where the auxiliary task needs it.
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
    tasks = build(auxiliary, context.config["auxiliary"]).tasks(_auxiliary_context(context, data, positions))
    learnt = _train(context, data, positions, tasks, options, policy)
    save_json(context.out / "history.json", asdict(learnt.history))
    save_json(
        context.out / "speed.json",
        {
            "step_seconds": learnt.step_seconds if np.isfinite(learnt.step_seconds) else None,
            "peak_device_bytes": peak_device_bytes(policy),
        },
    )
    save_scores(context.out, _scores(context, data, positions, tasks, learnt, options, policy))


def learn_options(config: Mapping[str, Any]) -> LearnOptions:
    """Make the options of stage three from a job's config: parts from their registries, numbers as they are."""
    named = {"augmentation": {"name": "none"}, **config}
    parts = {name: build(registry, named[name]) for name, registry in _PART_OPTIONS.items() if name in named}
    numbers = {
        name: value
        for name, value in config.items()
        if name not in {*_PART_OPTIONS, "auxiliary", "train_size"}
    }
    return LearnOptions(**parts, **numbers)


def _train(
    context: Context,
    data: LoadedData,
    positions: NDArray[np.int64],
    tasks: Sequence[AnyTask],
    options: LearnOptions,
    policy: Policy,
) -> Learnt:
    """Train on the labelled images, given as positions in the training split; the test split has no part in it."""
    index, validation = data.split.train[positions], data.split.validation
    return learn(
        stage(data.dataset, index, policy.device),
        Task(name="principal", labels=data.labels[index], num_classes=data.num_classes),
        tasks,
        (stage(data.dataset, validation, policy.device), data.labels[validation]),
        options=options,
        seed=context.seed,
        policy=policy,
        work=context.work,
        progress=context.progress,
    )


def _scores(
    context: Context,
    data: LoadedData,
    positions: NDArray[np.int64],
    tasks: Sequence[AnyTask],
    learnt: Learnt,
    options: LearnOptions,
    policy: Policy,
) -> dict[tuple[str, str], float]:
    """Score both parts by the principal task, and save its guesses; noise is the same in every run."""
    scores: dict[tuple[str, str], float] = {("train", "num_labelled"): len(positions)}
    scores |= {("train", f"weighting.{name}"): value for name, value in learnt.scores.items()}
    scores |= conflict_scores(learnt.history)
    scores |= cost_scores(learnt.net, options, data.dataset.image_shape, data.num_classes)
    for part in ("validation", "test"):
        images, seed = stage(data.dataset, data.split.parts[part], policy.device), derive_seed("evaluate", part)
        noise: dict[str, Any] = {"corruption": options.corruption, "seed": seed, "policy": policy}
        guesses = predict(learnt.net, images, **noise)
        save_array(context.out / f"predictions_{part}.npy", guesses)
        scores |= principal_scores(part, guesses, data)
        if part == "validation":
            scores |= auxiliary_scores(tasks, lambda task: predict(learnt.net, images, task=task, **noise))  # noqa: B023 - called here
    return scores


def _auxiliary_context(context: Context, data: LoadedData, positions: NDArray[np.int64]) -> AuxiliaryContext:
    index = data.split.train[positions]
    return AuxiliaryContext(
        factors=data.factors(index),
        factor_names=data.dataset.factor_names,
        factor_sizes=data.dataset.factor_sizes,
        principal=data.principal,
        labels=data.labels[index],
        num_classes=data.num_classes,
        seed=context.seed,
        factors_validation=data.factors(data.split.validation),
        **_discovered(context, positions),
    )


def _discovered(context: Context, positions: NDArray[np.int64]) -> dict[str, Any]:
    """Return what stage two found, for the labelled images and those of validation."""
    folder = context.inputs.get("discover")
    if folder is None:
        return {"discovered": None, "num_discovered": ()}
    return {
        "discovered": np.array(load_array(folder / "labels_train.npy")[positions]),
        "num_discovered": tuple(load_json(folder / "subspaces.json")["num_classes"]),
        "discovered_validation": np.array(load_array(folder / "labels_validation.npy")),
    }
