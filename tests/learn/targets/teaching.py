"""The gradient that teaching gives the targets of the toy problem, and what it is made from."""

from collections.abc import Callable

import torch
from torch import Tensor

from detaux.learn.assembly import Assembly
from detaux.learn.context import AuxiliaryContext
from detaux.learn.registries import Auxiliary
from detaux.learn.replay import StepReplay
from detaux.learn.targets.base import Targets
from detaux.learn.tasks import AnyTask

Build = Callable[..., Assembly]


def only(source: Auxiliary, context: AuxiliaryContext) -> AnyTask:
    (task,) = source.tasks(context)
    return task


def replay_of(assembly: Assembly, step: int = 0) -> StepReplay:
    inside = assembly.step
    return StepReplay(assembly.net, inside._losses, inside._source, inside._query, step=step)


def targets_of(assembly: Assembly) -> Targets:
    return assembly.step._targets[1]


def taught(assembly: Assembly, step: int = 0) -> Tensor:
    """Return the gradient that teaching gives the targets."""
    targets = targets_of(assembly)
    targets.zero_grad()
    targets.teach(replay_of(assembly, step), 1)
    return torch.cat(
        [parameter.grad.flatten() for parameter in targets.parameters() if parameter.grad is not None]
    )
