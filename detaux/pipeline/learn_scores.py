"""What the record of stage three holds: how well each task was learnt, and what the network cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from detaux.learn.architectures.hard_sharing import HardSharing
from detaux.learn.cost import cost
from detaux.learn.network import MultiTaskNet
from detaux.learn.options import LearnOptions
from detaux.learn.tasks import UNLABELLED, AnyTask, loss_names
from detaux.metrics import compute_metric
from detaux.pipeline.loaded import LoadedData
from detaux.train.history import History
from detaux.train.policy import Policy

Scores = dict[tuple[str, str], float]
"""Score by part of the split and name."""


def principal_scores(part: str, guesses: NDArray[np.int64], data: LoadedData) -> Scores:
    """Score a part's guesses (N,) of the principal class.

    `missing_classes` is there where it is not 0: how many classes of the training part no image of this part has.
    """
    index = data.split.parts[part]
    labels = data.labels[index]
    labels_and_groups = np.column_stack([labels, data.dataset.groups(index)])
    missing = len(set(np.unique(data.labels[data.split.train])) - set(np.unique(labels)))
    found = {
        **compute_metric("accuracy", guesses, labels),
        **compute_metric("macro_f1", guesses, labels),
        **compute_metric("worst_group", guesses, labels_and_groups),
        **({"missing_classes": missing} if missing else {}),
    }
    return {(part, name): value for name, value in found.items()}


def auxiliary_scores(
    tasks: Sequence[AnyTask], num_images: int, guess: Callable[[int, int], NDArray[np.int64]]
) -> Scores:
    """Score the auxiliary tasks on validation images; those that nothing is known of there have no score.

    Args:
        tasks: The auxiliary tasks.
        num_images: Number M of images.
        guess: Gives the classes (M,) of a task, counted from 1, of the images turned by so many quarters.
    """
    scores: Scores = {}
    for place, (task, role) in enumerate(zip(tasks, loss_names(len(tasks) + 1)[1:], strict=True), start=1):
        asked = task.held_out(num_images)
        if not asked:
            continue
        guesses = np.concatenate([guess(place, one.quarters) for one in asked])
        labels = np.concatenate([one.labels for one in asked])
        known = labels != UNLABELLED
        found = compute_metric("accuracy", guesses[known], labels[known])
        scores["validation", f"{role}_accuracy"] = found["accuracy"]
    return scores


def cost_scores(
    net: MultiTaskNet, options: LearnOptions, image_shape: tuple[int, int, int], num_classes: int
) -> Scores:
    """Count what a network has and does, and what of it single-task learning with the same backbone has not.

    The network alone: neither nets that make labels, nor a second pass of other images (rotation).
    """
    whole = cost(net, image_shape)
    alone = cost(HardSharing().build(options.backbone, image_shape, [num_classes], seed=0), image_shape)
    return {
        ("train", "parameters"): whole.parameters,
        ("train", "flops"): whole.flops,
        ("train", "added_parameters"): whole.parameters - alone.parameters,
        ("train", "added_flops"): whole.flops - alone.flops,
    }


def conflict_scores(history: History) -> Scores:
    """Average what was diagnosed of the gradients over the training; nothing where nothing was."""
    scores: Scores = {}
    for name in ("gradient_cosine", "gradient_ratio"):
        values = [row[name] for row in history.losses if name in row]
        if values:
            scores["train", name] = float(np.mean(values))
    return scores


def reset_peak_memory(policy: Policy) -> None:
    """Forget what earlier jobs of this process had on the device."""
    if policy.device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(policy.device)


def peak_device_bytes(policy: Policy) -> int | None:
    """Return the most memory that torch had on the device since `reset_peak_memory`; None on a CPU."""
    return torch.cuda.max_memory_allocated(policy.device) if policy.device.type == "cuda" else None
