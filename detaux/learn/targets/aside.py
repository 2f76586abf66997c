"""What label nets need of the network they teach: its weights by name, and gradients put down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from detaux.learn.update import Replay
from detaux.learn.updating.jacobian import add_gradient


def weights_and_own(replay: Replay, targets: nn.Module) -> tuple[list[str], list[Tensor], list[nn.Parameter]]:
    """Return names and values of what the network trains, and the targets' own parameters."""
    weights = {name: weight for name, weight in replay.weights().items() if weight.requires_grad}
    return list(weights), list(weights.values()), list(targets.parameters())


def named(names: Sequence[str], values: Sequence[Tensor]) -> Mapping[str, Tensor]:
    """Return values by name."""
    return dict(zip(names, values, strict=True))


def accumulate(parameters: Sequence[nn.Parameter], gradients: Sequence[Tensor]) -> None:
    """Add a gradient to each parameter's own."""
    for parameter, gradient in zip(parameters, gradients, strict=True):
        add_gradient(parameter, gradient)
