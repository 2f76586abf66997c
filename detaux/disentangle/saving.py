"""Trained models on disk: weights as safetensors, the architecture as JSON."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes

from detaux.disentangle.model import Architecture, Disentangler
from detaux.models.autoencoders import ConvNet
from detaux.models.patch_net import PatchNet

_WEIGHTS, _ARCHITECTURE = "model.safetensors", "architecture.json"
_NETS: dict[str, type[ConvNet | PatchNet]] = {net.__name__: net for net in (ConvNet, PatchNet)}


def save(model: Disentangler, folder: Path) -> None:
    """Write a model's weights and its architecture into a folder that exists."""
    weights = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    # `save_file` would leave a file that only its owner can read.
    (folder / _WEIGHTS).write_bytes(to_bytes(weights))
    architecture = dataclasses.asdict(model.architecture)
    architecture["net"]["kind"] = type(model.architecture.net).__name__
    (folder / _ARCHITECTURE).write_text(f"{json.dumps(architecture, indent=2)}\n", encoding="utf-8")


def load(folder: Path, device: torch.device | str) -> Disentangler:
    """Read a model that `save` wrote, onto a device and in eval mode."""
    sizes: dict[str, Any] = json.loads((folder / _ARCHITECTURE).read_text(encoding="utf-8"))
    fields: dict[str, Any] = sizes.pop("net")
    kind = _NETS[fields.pop("kind")]
    options: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }
    model = Disentangler(Architecture(net=kind(**options), **sizes))
    model.load_state_dict(load_file(folder / _WEIGHTS))
    return model.to(device).eval()
