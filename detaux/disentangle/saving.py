"""Trained models on disk: weights as safetensors, the architecture as JSON."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes

from detaux.core.errors import ArtifactError
from detaux.disentangle.linear import LinearArchitecture
from detaux.disentangle.model import Architecture, Disentangler
from detaux.disentangle.product import ProductArchitecture
from detaux.disentangle.vector import VectorArchitecture
from detaux.models.autoencoders import ConvNet
from detaux.models.patch_net import PatchNet
from detaux.models.resnet_net import ResNetNet

_WEIGHTS, _ARCHITECTURE = "model.safetensors", "architecture.json"
_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (ProductArchitecture, VectorArchitecture, LinearArchitecture, ConvNet, PatchNet, ResNetNet)
}


def save(model: Disentangler, folder: Path) -> None:
    """Write a model's weights and its architecture into a folder that exists."""
    weights = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    # `save_file` would leave a file that only its owner can read.
    (folder / _WEIGHTS).write_bytes(to_bytes(weights))
    text = json.dumps(_plain(model.architecture), indent=2)
    (folder / _ARCHITECTURE).write_text(f"{text}\n", encoding="utf-8")


def load(folder: Path, device: torch.device | str) -> Disentangler:
    """Read a model that `save` wrote, onto a device and in eval mode.

    Raises:
        ArtifactError: If the folder holds no model, or one that is damaged.
    """
    for name in (_ARCHITECTURE, _WEIGHTS):
        if not (folder / name).is_file():
            raise ArtifactError(f"no model in {folder}: {name} is not there")
    try:
        model = _read(folder)
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, SafetensorError) as damage:
        raise ArtifactError(f"the model in {folder} is damaged ({damage}); make it anew") from damage
    return model.to(device).eval()


def _read(folder: Path) -> Disentangler:
    plain = json.loads((folder / _ARCHITECTURE).read_text(encoding="utf-8"))
    architecture: Architecture[Disentangler] = _built(plain)
    if type(architecture) not in _KINDS.values():
        raise TypeError(f"{_ARCHITECTURE} describes no architecture")
    model = architecture.build()
    model.load_state_dict(load_file(folder / _WEIGHTS))
    return model


def _plain(value: Any) -> Any:
    """Return a dataclass of this file's kinds as JSON values, each with its kind."""
    if not dataclasses.is_dataclass(value):
        return value
    fields = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return {"kind": type(value).__name__} | fields


def _built(value: Any) -> Any:
    """Return what `_plain` was given."""
    if isinstance(value, list):
        return tuple(value)
    if not isinstance(value, dict):
        return value
    fields = {name: _built(item) for name, item in value.items() if name != "kind"}
    return _KINDS[value["kind"]](**fields)
