"""Stage `learn`: train the principal task, alone or with auxiliary ones, and score the test split once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.registry import Registry
from detaux.core.seeding import derive_seed
from detaux.data.registries import augmentations, corruptions
from detaux.data.split import labelled_subset
from detaux.data.staging import stage
from detaux.learn.context import AuxiliaryContext
from detaux.learn.registries import architectures, auxiliary, weightings
from detaux.learn.tasks import AnyTask, Task, check_occurring
from detaux.learn.train import LearnOptions, Learnt, learn, predict
from detaux.models.registries import backbones
from detaux.pipeline.files import load_array, load_json, save_array, save_json, save_scores
from detaux.pipeline.learn_scores import (
    auxiliary_scores,
    conflict_scores,
    cost_scores,
    peak_device_bytes,
    principal_scores,
    reset_peak_memory,
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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Problem:
    """What a job is to learn, on what."""

    context: Context
    data: LoadedData
    labelled: NDArray[np.int64]
    tasks: Sequence[AnyTask]
    options: LearnOptions
    policy: Policy


def run(context: Context) -> None:
    """Write history.json, predictions_validation.npy, predictions_test.npy (N,), speed.json and scores.json.

    Config: `auxiliary`, `weighting`, `architecture`, `backbone`, `corruption`, `augmentation` {name, options},
    `train_size`, and the numbers of `LearnOptions`. Inputs: data, and discover where the auxiliary task needs it.
    """
    problem = _read(context)
    reset_peak_memory(problem.policy)
    learnt = _train(problem)
    save_json(context.out / "history.json", asdict(learnt.history))
    save_json(
        context.out / "speed.json",
        {
            "step_seconds": learnt.step_seconds if np.isfinite(learnt.step_seconds) else None,
            "peak_device_bytes": peak_device_bytes(problem.policy),
        },
    )
    save_scores(context.out, _scores(problem, learnt))


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


def _read(context: Context) -> _Problem:
    data = load_data(context.inputs["data"])
    positions = labelled_subset(
        data.split.train,
        data.labels,
        size=context.config.get("train_size"),
        seed=derive_seed("labelled", context.seed),
    )
    tasks = build(auxiliary, context.config["auxiliary"]).tasks(_auxiliary_context(context, data, positions))
    check_occurring(tasks)
    return _Problem(
        context=context,
        data=data,
        labelled=data.split.train[positions],
        tasks=tasks,
        options=learn_options(context.config),
        policy=policy_for(context.device),
    )


def _train(problem: _Problem) -> Learnt:
    """Train on the labelled images; the test split has no part in it."""
    data, context, device = problem.data, problem.context, problem.policy.device
    labelled, validation = problem.labelled, data.split.validation
    return learn(
        stage(data.dataset, labelled, device),
        Task(name="principal", labels=data.labels[labelled], num_classes=data.num_classes),
        problem.tasks,
        (stage(data.dataset, validation, device), data.labels[validation]),
        options=problem.options,
        seed=context.seed,
        policy=problem.policy,
        work=context.work,
        progress=context.progress,
    )


def _scores(problem: _Problem, learnt: Learnt) -> dict[tuple[str, str], float]:
    data, options = problem.data, problem.options
    scores: dict[tuple[str, str], float] = {("train", "num_labelled"): len(problem.labelled)}
    scores |= {("train", f"weighting.{name}"): value for name, value in learnt.scores.items()}
    scores |= conflict_scores(learnt.history)
    scores |= cost_scores(learnt.net, options, data.dataset.image_shape, data.num_classes)
    return scores | _part_scores(problem, learnt, "validation") | _part_scores(problem, learnt, "test")


def _part_scores(problem: _Problem, learnt: Learnt, part: str) -> dict[tuple[str, str], float]:
    """Score a part, and save the principal guesses; its noise is the same in every run."""
    data = problem.data
    images = stage(data.dataset, data.split.parts[part], problem.policy.device)

    def guess(task: int, quarters: int = 0) -> NDArray[np.int64]:
        return predict(
            learnt.net,
            images,
            corruption=problem.options.corruption,
            seed=derive_seed("evaluate", part),
            policy=problem.policy,
            task=task,
            quarters=quarters,
        )

    guesses = guess(0)
    save_array(problem.context.out / f"predictions_{part}.npy", guesses)
    scores = principal_scores(part, guesses, data)
    return scores | (auxiliary_scores(problem.tasks, len(images), guess) if part == "validation" else {})


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
