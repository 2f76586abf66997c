"""Stage three: train a network on the principal task, alone or beside auxiliary ones."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from detaux.core.errors import DataError, DivergedError
from detaux.core.progress import Progress, silent
from detaux.data.staging import Images
from detaux.learn.assembly import Assembly, Labelled, assemble
from detaux.learn.network import MultiTaskNet
from detaux.learn.options import LearnOptions
from detaux.learn.predict import predict
from detaux.learn.registries import Tuned, Weighting
from detaux.learn.tasks import AnyTask, Task, check_classes
from detaux.learn.weightings.equal import Equal
from detaux.train.history import History
from detaux.train.loop import fit
from detaux.train.policy import Policy

__all__ = ["LearnOptions", "Learnt", "learn", "predict"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Learnt:
    """A trained network, and how it came about."""

    net: MultiTaskNet
    """In eval mode, with the weights of highest validation accuracy on the principal task."""
    history: History
    """Losses `principal`, `auxiliary`, `auxiliary_2`, ..., what was diagnosed of gradients, and validation accuracies."""
    scores: dict[str, float]
    """What the weighting tells of itself; the weight that was chosen, where it was tuned."""
    step_seconds: float
    """Mean duration of a training step, validations left out; NaN where none was left to do."""


def learn(
    train: Images,
    principal: Task,
    auxiliary: Sequence[AnyTask],
    validation: Labelled,
    *,
    options: LearnOptions,
    seed: int,
    policy: Policy,
    work: Path | None = None,
    progress: Progress = silent,
) -> Learnt:
    """Train a network, and keep its weights of highest validation accuracy on the principal task.

    Under one seed every arm starts from the same weights of backbone and principal head, and sees the same
    images in the same order under the same noise, whatever its auxiliary tasks. A weighting that is tuned is trained with
    once for each candidate, from the start, and the best on validation is kept.

    Args:
        train: N training images on the device of `policy`.
        principal: The task whose accuracy counts, (N,) labels.
        auxiliary: The tasks beside it, on the same images; none for single-task learning, which needs no weighting.
        validation: Images (M) that choose the weights, and their principal labels (M,).
        options: What to train, and for how long.
        seed: Seed of the run; it must not depend on the arm.
        policy: Device and precision.
        work: Folder of in-job checkpoints, from which a killed run goes on; None keeps none.
        progress: Told how far the training is.

    Raises:
        DataError: If there are fewer than 2 training images or fewer than a task has classes, labels do not match their
            images one to one, or the backbone cannot serve the images.
        DivergedError: If a loss is not finite.
    """
    _check_tasks(train, [principal, *auxiliary])
    _check_validation(validation)
    candidates = _candidates(options, len(auxiliary))
    best, diverged = None, []
    for place, candidate in enumerate(candidates):
        one = replace(options, weighting=candidate)
        assembly = assemble(train, principal, auxiliary, validation, options=one, seed=seed, policy=policy)
        folder = work / f"candidate {place}" if work is not None and len(candidates) > 1 else work
        share = _share_of(progress, place, len(candidates))
        try:
            learnt = _train(assembly, one, seed=seed, policy=policy, work=folder, progress=share)
        except DivergedError as error:
            diverged.append(error)
            continue
        if best is None or learnt.history.best_score > best.history.best_score:
            best = learnt
    if best is None:
        raise diverged[0]
    return replace(best, scores={**best.scores, "diverged_candidates": len(diverged)}) if diverged else best


def _candidates(options: LearnOptions, num_auxiliary: int) -> Sequence[Weighting]:
    """Return the weightings to train with, one after another."""
    if num_auxiliary == 0:
        return (Equal(),)
    return options.weighting.candidates() if isinstance(options.weighting, Tuned) else (options.weighting,)


def _train(
    assembly: Assembly,
    options: LearnOptions,
    *,
    seed: int,
    policy: Policy,
    work: Path | None,
    progress: Progress,
) -> Learnt:
    start = time.perf_counter()
    history = fit(
        assembly.module,
        assembly.train_step,
        options=options.fit_options(),
        policy=policy,
        seed=seed,
        work=work,
        progress=progress,
        validate=assembly.validate,
        chosen=assembly.net,
    )
    return Learnt(
        net=assembly.net,
        history=history,
        scores=assembly.update.scores(),
        step_seconds=assembly.step_seconds(time.perf_counter() - start),
    )


def _share_of(progress: Progress, place: int, count: int) -> Progress:
    """Return a listener for one of several trainings in a row."""
    return lambda share, text: progress((place + share) / count, text)


def _check_tasks(train: Images, tasks: Sequence[AnyTask]) -> None:
    if len(train) < 2:  # noqa: PLR2004 - batch norm needs two
        raise DataError(f"training needs at least 2 images, but has {len(train)}")
    for task in tasks:
        check_classes(task, len(train))
        if isinstance(task, Task) and len(task.labels) != len(train):
            raise DataError(
                f"task {task.name!r} labels {len(task.labels)} images, but {len(train)} are trained on"
            )


def _check_validation(validation: Labelled) -> None:
    images, labels = validation
    if len(images) != len(labels) or not len(labels):
        raise DataError(
            f"validation needs a label an image, but has {len(images)} images and {len(labels)} labels"
        )
