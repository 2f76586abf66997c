"""Stage three: train a network on the principal task, alone or beside an auxiliary one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from detaux.core.errors import DataError
from detaux.core.progress import Progress, silent
from detaux.core.seeding import derive_seed
from detaux.data.corruption.none import NoCorruption
from detaux.data.noisy import with_fixed_noise
from detaux.data.staging import Images
from detaux.learn.network import MultiTaskNet
from detaux.learn.options import LearnOptions
from detaux.learn.predict import predict
from detaux.learn.step import LearnStep
from detaux.learn.tasks import Task
from detaux.learn.update import Update
from detaux.train.history import History
from detaux.train.loop import fit
from detaux.train.policy import Policy

__all__ = ["LearnOptions", "learn", "predict"]

Labelled = tuple[Images, NDArray[np.int64]]
"""M images and their principal labels (M,)."""


def learn(
    train: Images,
    principal: Task,
    auxiliary: Task | None,
    validation: Labelled,
    *,
    options: LearnOptions,
    seed: int,
    policy: Policy,
    work: Path | None = None,
    progress: Progress = silent,
) -> tuple[MultiTaskNet, History]:
    """Train a network, and keep its weights of highest validation accuracy on the principal task.

    Under one seed every arm starts from the same weights of backbone and principal head, and sees the same
    images in the same order under the same noise, whatever its auxiliary task.

    Args:
        train: N training images on the device of `policy`.
        principal: The task whose accuracy counts, (N,) labels.
        auxiliary: The task beside it, (N,) labels of the same images; None for single-task learning.
        validation: Images (M) that choose the weights, and their principal labels (M,).
        options: What to train, and for how long.
        seed: Seed of the run; it must not depend on the arm.
        policy: Device and precision.
        work: Folder of in-job checkpoints, from which a killed run goes on; None keeps none.
        progress: Told how far the training is.

    Returns:
        The network in eval mode, and its losses and validation scores: those of the loss are called
        `principal` and `auxiliary`, the score is an accuracy in [0, 1].

    Raises:
        DataError: If there are fewer than 2 training images, labels do not match their images one to one, or
            the backbone cannot serve the images.
        DivergedError: If a loss is not finite.
    """
    tasks = [principal] if auxiliary is None else [principal, auxiliary]
    _check_tasks(train, tasks)
    _check_validation(validation)
    net = _network(options, train, tasks, seed).to(policy.device)
    update = options.weighting.build(len(tasks)).to(policy.device)
    history = fit(
        nn.ModuleList([net, update]),
        _step(net, update, train, tasks, options=options, seed=seed, policy=policy),
        options=options.fit_options(),
        policy=policy,
        seed=seed,
        work=work,
        progress=progress,
        validate=lambda: _accuracy(net, validation, options, seed, policy),
    )
    return net, history


def _network(options: LearnOptions, train: Images, tasks: Sequence[Task], seed: int) -> MultiTaskNet:
    net = options.architecture.build(
        options.backbone, _image_shape(train), [task.num_classes for task in tasks], seed=seed
    )
    return net.to(memory_format=torch.channels_last)


def _step(
    net: MultiTaskNet,
    update: Update,
    train: Images,
    tasks: Sequence[Task],
    *,
    options: LearnOptions,
    seed: int,
    policy: Policy,
) -> LearnStep:
    """Return the step, with its noise where the options want it: in the pool, once, or in every batch anew."""
    corruption = options.corruption
    if options.corruption_draw == "once":
        train, corruption = with_fixed_noise(train, corruption, seed=seed), NoCorruption()
    return LearnStep(
        net,
        update,
        train,
        tasks,
        corruption=corruption,
        batch_size=options.batch_size,
        seed=seed,
        policy=policy,
    )


def _accuracy(
    net: MultiTaskNet, validation: Labelled, options: LearnOptions, seed: int, policy: Policy
) -> float:
    """Return the principal accuracy in [0, 1] under one fixed draw of the noise."""
    images, labels = validation
    noise_seed = derive_seed("learn", "validation corruption", seed)
    classes = predict(net, images, corruption=options.corruption, seed=noise_seed, policy=policy)
    return float(np.mean(classes == labels))


def _image_shape(images: Images) -> tuple[int, int, int]:
    channels, height, width = images.gather(torch.zeros(1, dtype=torch.long)).shape[1:]
    return height, width, channels


def _check_tasks(train: Images, tasks: Sequence[Task]) -> None:
    if len(train) < 2:  # noqa: PLR2004 - batch norm needs two
        raise DataError(f"training needs at least 2 images, but has {len(train)}")
    for task in tasks:
        if len(task.labels) != len(train):
            raise DataError(
                f"task {task.name!r} labels {len(task.labels)} images, but {len(train)} are trained on"
            )


def _check_validation(validation: Labelled) -> None:
    images, labels = validation
    if len(images) != len(labels) or not len(labels):
        raise DataError(
            f"validation needs a label an image, but has {len(images)} images and {len(labels)} labels"
        )
