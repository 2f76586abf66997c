"""In-job checkpoints: all of a training run's state in one file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from detaux.train import tensor_file
from detaux.train.history import History

State = dict[str, Tensor]
Moments = dict[tuple[int, str], Tensor]
"""An optimiser's state by position of the parameter and name."""
_FILE = "checkpoint.safetensors"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Checkpoint:
    """What a file holds, in the types of `RunState`."""

    module: State
    best: State | None
    moments: Moments
    history: History
    step: int
    best_score: float


@dataclass(slots=True)
class RunState:
    """Everything a training run changes, and so everything a resumed one needs."""

    module: nn.Module
    """Its parameters and buffers are trained."""
    chosen: nn.Module
    """The part of it whose state of best validation score is kept: what is wanted in the end."""
    optimizer: torch.optim.Optimizer
    """Over the module's parameters, in their order."""
    history: History
    """Losses and scores so far."""
    step: int = 0
    """Steps done."""
    best_score: float = float("-inf")
    """Highest validation score so far."""
    best: State | None = None
    """State of `chosen` when it had that score; None before the first validation."""

    def save(self, folder: Path) -> None:
        """Write the checkpoint of `folder`, replacing the one before only once it is complete."""
        tensors = (
            _prefixed("module", self.module.state_dict())
            | _prefixed("best", self.best or {})
            | self._moments()
        )
        facts = {
            "step": self.step,
            "best_score": self.best_score if self.best else None,
            "history": self.history.plain(),
        }
        tensor_file.write(folder / _FILE, tensors, facts)

    def resume(self, folder: Path) -> bool:
        """Take up the checkpoint of `folder`; return whether there was one that fits this run.

        One that is damaged, or was written for another net or by other code, counts as none: nothing of it is taken,
        and the run starts from its first step.
        """
        try:
            kept = _read(folder / _FILE)
        except (OSError, SafetensorError, KeyError, TypeError, ValueError):
            return False
        if not self._fits(kept):
            return False
        self.module.load_state_dict(kept.module)
        self._load_moments(kept.moments)
        self.history, self.step, self.best_score = kept.history, kept.step, kept.best_score
        if kept.best is not None:
            self.best = {
                name: torch.empty_like(own).copy_(kept.best[name])
                for name, own in self.chosen.state_dict().items()
            }
        return True

    def keep_best(self, score: float) -> None:
        """Keep the present weights if `score` is the highest so far; of equal scores the first stays."""
        if score > self.best_score:
            self.best_score = score
            self.history.best_step = self.step
            self.best = {name: tensor.detach().clone() for name, tensor in self.chosen.state_dict().items()}

    def _parameters(self) -> list[nn.Parameter]:
        return [parameter for group in self.optimizer.param_groups for parameter in group["params"]]

    def _moments(self) -> State:
        states = [self.optimizer.state[parameter] for parameter in self._parameters()]
        return {
            f"optimizer.{index}.{name}": tensor
            for index, state in enumerate(states)
            for name, tensor in state.items()
        }

    def _fits(self, kept: _Checkpoint) -> bool:
        """Say whether all tensors of a checkpoint have their counterparts here, of the same shape."""
        fits = _shapes(kept.module) == _shapes(self.module.state_dict())
        if kept.best is not None:
            fits = fits and _shapes(kept.best) == _shapes(self.chosen.state_dict())
        return fits and self._moments_fit(kept.moments)

    def _moments_fit(self, moments: Moments) -> bool:
        shapes = {index: parameter.shape for index, parameter in enumerate(self._parameters())}
        updated = {index for index, _ in moments}
        if not updated <= shapes.keys():
            return False
        wanted = {
            (index, name): shape
            for index in updated
            for name, shape in self._moment_shapes(shapes[index]).items()
        }
        return {place: tensor.shape for place, tensor in moments.items()} == wanted

    def _moment_shapes(self, shape: torch.Size) -> dict[str, torch.Size]:
        """Return what the optimiser keeps of a parameter of some shape, once it has had a gradient."""
        if isinstance(self.optimizer, torch.optim.SGD):
            return {"momentum_buffer": shape}
        return {"exp_avg": shape, "exp_avg_sq": shape, "step": torch.Size()}

    def _load_moments(self, moments: Moments) -> None:
        """Fill the optimiser's state by hand: fused kernels need moments in their parameter's memory layout."""
        parameters = self._parameters()
        for (index, name), tensor in moments.items():
            parameter = parameters[index]
            like = parameter.detach() if tensor.shape == parameter.shape else tensor.to(parameter.device)
            self.optimizer.state[parameter][name] = torch.empty_like(like).copy_(tensor)


def _read(file: Path) -> _Checkpoint:
    tensors, facts = tensor_file.read(file)
    best_score = facts["best_score"]
    return _Checkpoint(
        module=_under("module", tensors),
        best=None if best_score is None else _under("best", tensors),
        moments=_placed(_under("optimizer", tensors)),
        history=History(**facts["history"]),
        step=int(facts["step"]),
        best_score=float("-inf") if best_score is None else float(best_score),
    )


def _placed(tensors: State) -> Moments:
    moments = {}
    for key, tensor in tensors.items():
        index, name = key.split(".")
        moments[int(index), name] = tensor
    return moments


def _shapes(state: State) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in state.items()}


def _prefixed(prefix: str, state: State) -> State:
    return {f"{prefix}.{name}": tensor for name, tensor in state.items()}


def _under(prefix: str, tensors: State) -> State:
    return {
        name.removeprefix(f"{prefix}."): tensor
        for name, tensor in tensors.items()
        if name.startswith(f"{prefix}.")
    }
