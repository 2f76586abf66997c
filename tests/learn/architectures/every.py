"""Every architecture, built small, with images, labels and losses for it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from detaux.learn.network import MultiTaskNet
from detaux.learn.registries import architectures
from detaux.models.backbones.small_cnn import SmallCNN
from detaux.models.registries import Backbone

SHAPE, EMBEDDING = (8, 8, 3), (1, 5, 3)
BACKBONE = SmallCNN(widths=(4, 6, 6), halvings=2)
CLASSES = (4, 5, 3, 2)
OTHERS: dict[str, list[dict[str, Any]]] = {
    "cgc": [{"levels": 2}, {"levels": 3}],
    "cross_stitch": [{"own_share": 1, "shares": "fixed"}],
    "mti_net": [{"scales": 1}],
}
"""Options under which an architecture is another one."""


def small(name: str, **options: Any) -> Any:
    """Return an architecture, narrow if it has a width."""
    made: Any = architectures.get(name)(**options)
    return replace(made, width=8) if hasattr(made, "width") else made


EVERY = {
    "-".join([name, *(f"{key}_{value}" for key, value in options.items())]): small(name, **options)
    for name in architectures.names()
    for options in [{}, *OTHERS.get(name, [])]
}
every = pytest.mark.parametrize("architecture", EVERY.values(), ids=EVERY)


def build(
    architecture: Any,
    num_tasks: int,
    *,
    backbone: Backbone = BACKBONE,
    shape: tuple[int, int, int] = SHAPE,
    seed: int = 0,
) -> MultiTaskNet:
    net: MultiTaskNet = architecture.build(backbone, shape, CLASSES[:num_tasks], seed=seed)
    return net


def images(shape: tuple[int, int, int] = SHAPE, *, count: int = 6) -> Tensor:
    height, width, channels = shape
    return torch.rand(count, channels, height, width, generator=torch.Generator().manual_seed(1))


def labels(num_tasks: int, *, seed: int = 0) -> list[Tensor]:
    draws = torch.Generator().manual_seed(seed)
    return [torch.randint(classes, (6,), generator=draws) for classes in CLASSES[:num_tasks]]


def losses(net: MultiTaskNet, given: Tensor, classes: Sequence[Tensor]) -> list[Tensor]:
    """Return the loss of each task, as the interface defines it."""
    told = [
        torch.stack([cross_entropy(logits, own) for logits in task]).sum()
        for task, own in zip(net.supervised_logits(given), classes, strict=True)
    ]
    return [
        loss if penalty is None else loss + penalty
        for loss, penalty in zip(told, net.penalties(), strict=True)
    ]


def common(alone: nn.Module, beside: nn.Module) -> list[tuple[str, Tensor, Tensor]]:
    """Return what two networks have of the same name and shape."""
    first, second = alone.state_dict(), beside.state_dict()
    return [(name, first[name], second[name]) for name in first if first[name].shape == second[name].shape]
