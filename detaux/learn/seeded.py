"""Parts of a network built under seeds of their own, so that a task more shifts none of the others' weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import torch
from torch import nn

from detaux.core.seeding import derive_seed
from detaux.models.heads import head
from detaux.models.registries import Backbone
from detaux.models.trunk import Trunk

BuiltT = TypeVar("BuiltT")


def seeded(part: str, seed: int, build: Callable[[], BuiltT]) -> BuiltT:
    """Build with torch's global generator on the CPU set from the part's name, and leave it as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(derive_seed("learn", "initial weights", part, seed))
        return build()


def seeded_trunk(backbone: Backbone, image_shape: tuple[int, int, int], *, seed: int, task: int = 0) -> Trunk:
    """Build a backbone: the shared or the principal task's where `task` is 0, else that task's own.

    Raises:
        DataError: If the backbone cannot serve these images.
    """
    part = f"backbone {task}" if task else "backbone"
    return seeded(part, seed, lambda: backbone.build(image_shape))


def seeded_heads(num_features: int, num_classes: Sequence[int], *, seed: int) -> list[nn.Sequential]:
    """Build a head (B, P) to (B, classes) for each task."""
    return [
        seeded(f"head {task}", seed, partial(head, num_features, classes))
        for task, classes in enumerate(num_classes)
    ]
