"""A tiny net with everything that a resumed run can get wrong, its images, and the death of a process."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Killed(BaseException):
    pass


def tiny_net() -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        net = nn.Sequential(
            nn.Conv2d(3, 8, 4, stride=2, padding=1),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(128, 4),
        )
    return net.to(memory_format=torch.channels_last)


def images(step: int) -> Tensor:
    return torch.randn(6, 3, 8, 8, generator=torch.Generator().manual_seed(step))
