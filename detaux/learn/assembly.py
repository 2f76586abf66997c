"""All the pieces of one training run of stage three, put together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from detaux.core.seeding import derive_seed
from detaux.data.corruption.none import NoCorruption
from detaux.data.noisy import with_fixed_noise
from detaux.data.staging import Images
from detaux.learn.batch import BatchSource
from detaux.learn.batches import BatchOrder
from detaux.learn.limits import LimitsImages
from detaux.learn.losses import TaskLosses
from detaux.learn.network import MultiTaskNet
from detaux.learn.options import LearnOptions
from detaux.learn.predict import predict
from detaux.learn.step import LearnStep
from detaux.learn.tasks import AnyTask, Task
from detaux.learn.update import Update
from detaux.train.policy import Policy

Labelled = tuple[Images, NDArray[np.int64]]
"""M images and their principal labels (M,)."""


@dataclass(slots=True, eq=False)
class Assembly:
    """What the training loop is given, and how long its steps took."""

    net: MultiTaskNet
    """The network, on the training device."""
    update: Update
    """The rule from losses to one gradient."""
    module: nn.Module
    """Everything that is trained: network, rule, and targets that learn."""
    step: LearnStep
    """What a step does."""
    accuracy: Callable[[], float]
    """Principal accuracy on the validation images, in [0, 1]."""
    device: torch.device
    """Where the network is."""
    _steps: int = field(default=0, init=False)
    _aside: float = field(default=0.0, init=False)

    def train_step(self, step: int) -> dict[str, Tensor]:
        """Do a step, and count it."""
        self._steps += 1
        return self.step(step)

    def validate(self) -> float:
        """Score the network, and note how long that took."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)  # else the steps' time would count as the validation's
        start = time.perf_counter()
        score = self.accuracy()
        self._aside += time.perf_counter() - start
        return score

    def step_seconds(self, seconds: float) -> float:
        """Return the mean duration of the steps done here, of a training that took so long; NaN if there were none."""
        return (seconds - self._aside) / self._steps if self._steps else float("nan")


def assemble(
    train: Images,
    principal: Task,
    auxiliary: Sequence[AnyTask],
    validation: Labelled,
    *,
    options: LearnOptions,
    seed: int,
    policy: Policy,
) -> Assembly:
    """Build a network and all that trains it; see `learn`.

    Args:
        train: N training images on the device of `policy`.
        principal: The task whose accuracy counts, (N,) labels.
        auxiliary: The tasks beside it.
        validation: Images that choose the weights, and their principal labels.
        options: What to train.
        seed: Seed of the run.
        policy: Device and precision.

    Raises:
        DataError: If backbone, augmentation or a task cannot serve the images.
    """
    tasks = [principal, *auxiliary]
    shape, classes = _image_shape(train), [task.num_classes for task in tasks]
    options.augmentation.check_image(shape)
    for task in tasks:
        if isinstance(task, LimitsImages):
            task.check_image(shape)
    built = options.architecture.build(options.backbone, shape, classes, seed=seed)
    net = built.to(policy.device).to(memory_format=torch.channels_last)
    update = options.weighting.build(len(tasks)).to(policy.device)
    update.attach(net.shared_parameters())
    targets = [task.targets(seed=seed).to(policy.device) for task in tasks]
    source = _source(train, principal, options, seed, policy)
    query = replace(source, order=replace(source.order, seed=derive_seed("learn", "query", seed)))
    step = LearnStep(
        net,
        update,
        targets,
        TaskLosses(net, targets, policy=policy, label_smoothing=options.label_smoothing),
        source=source,
        query=query,
        diagnose_every=options.diagnose_every,
    )
    return Assembly(
        net=net,
        update=update,
        module=nn.ModuleList([net, update, *targets]),
        step=step,
        accuracy=lambda: _accuracy(net, validation, options, seed, policy),
        device=policy.device,
    )


def _source(train: Images, principal: Task, options: LearnOptions, seed: int, policy: Policy) -> BatchSource:
    """Return the batches, with their noise where the options want it: in the pool, once, or in every batch anew."""
    corruption = options.corruption
    if options.corruption_draw == "once":
        train, corruption = with_fixed_noise(train, corruption, seed=seed), NoCorruption()
    return BatchSource(
        images=train,
        labels=torch.from_numpy(np.ascontiguousarray(principal.labels)).to(policy.device),
        corruption=corruption,
        augmentation=options.augmentation,
        order=BatchOrder(num_images=len(train), batch_size=options.batch_size, seed=seed),
        seed=seed,
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
