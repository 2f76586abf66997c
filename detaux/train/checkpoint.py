"""In-job checkpoints: all of a training run's state in one file, replaced atomically.

Tensors and JSON share one safetensors file (the JSON in its header), so that neither can be newer than the other.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from detaux.train.history import History

State = dict[str, Tensor]
_FILE = "checkpoint.safetensors"


@dataclass(slots=True)
class RunState:
    """Everything a training run changes, and so everything a resumed one needs."""

    module: nn.Module
    """Its parameters and buffers are trained."""
    optimizer: torch.optim.Optimizer
    """Over the module's parameters, in their order."""
    history: History
    """Losses and scores so far."""
    step: int = 0
    """Steps done."""
    best_score: float = float("-inf")
    """Highest validation score so far."""
    best: State | None = None
    """The module's state when it had that score; None before the first validation."""

    def save(self, folder: Path) -> None:
        """Write the checkpoint of `folder`, replacing the one before only once it is complete."""
        folder.mkdir(parents=True, exist_ok=True)
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
        temporary = folder / f"{_FILE}.partial"
        save_file(
            {name: _for_file(tensor) for name, tensor in tensors.items()},
            temporary,
            metadata={"run": json.dumps(facts)},
        )
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.replace(folder / _FILE)

    def resume(self, folder: Path) -> bool:
        """Take up the checkpoint of `folder`; return whether there was a readable one.

        A damaged file counts as none: the run then starts from its first step, and ends the same.
        """
        try:
            with safe_open(folder / _FILE, framework="pt") as file:
                facts = json.loads(file.metadata()["run"])
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no mapping)
        except (OSError, SafetensorError):
            return False
        self.module.load_state_dict(_under("module", tensors))
        self._load_moments(_under("optimizer", tensors))
        self.history = History(**facts["history"])
        self.step = facts["step"]
        if facts["best_score"] is not None:
            self.best_score = facts["best_score"]
            kept = _under("best", tensors)
            self.best = {
                name: torch.empty_like(own).copy_(kept[name])
                for name, own in self.module.state_dict().items()
            }
        return True

    def keep_best(self, score: float) -> None:
        """Keep the present weights if `score` is the highest so far; of equal scores the first stays."""
        if score > self.best_score:
            self.best_score = score
            self.history.best_step = self.step
            self.best = {name: tensor.detach().clone() for name, tensor in self.module.state_dict().items()}

    def _parameters(self) -> list[nn.Parameter]:
        return [parameter for group in self.optimizer.param_groups for parameter in group["params"]]

    def _moments(self) -> State:
        states = [self.optimizer.state[parameter] for parameter in self._parameters()]
        return {
            f"optimizer.{index}.{name}": tensor
            for index, state in enumerate(states)
            for name, tensor in state.items()
        }

    def _load_moments(self, tensors: State) -> None:
        """Fill the optimiser's state by hand: fused kernels need moments in their parameter's memory layout."""
        parameters = self._parameters()
        for key, tensor in tensors.items():
            index, name = key.split(".")
            parameter = parameters[int(index)]
            like = parameter.detach() if tensor.shape == parameter.shape else tensor.to(parameter.device)
            self.optimizer.state[parameter][name] = torch.empty_like(like).copy_(tensor)


def _prefixed(prefix: str, state: State) -> State:
    return {f"{prefix}.{name}": tensor for name, tensor in state.items()}


def _under(prefix: str, tensors: State) -> State:
    return {
        name.removeprefix(f"{prefix}."): tensor
        for name, tensor in tensors.items()
        if name.startswith(f"{prefix}.")
    }


def _for_file(tensor: Tensor) -> Tensor:
    """Copy a tensor to contiguous memory of its own, as safetensors wants it."""
    return tensor.detach().cpu().contiguous().clone()
