"""Tensors and plain facts in one safetensors file, the facts as JSON in its header, replaced atomically.

So neither can be newer than the other, and reading runs no code.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

_FACTS = "run"


def write(file: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Write a file, replacing the one before only once it is complete.

    Args:
        file: Where to; its folder is made.
        tensors: Any shapes, dtypes and devices.
        facts: Plain JSON values.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{uuid.uuid4().hex[:8]}.partial")
    content = {name: _for_file(tensor) for name, tensor in tensors.items()}
    with draft.open("wb") as stream:
        stream.write(save(content, metadata={_FACTS: json.dumps(facts)}))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)


def read(file: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read the tensors, to the CPU, and the facts of a file.

    Raises:
        OSError: If it is not there.
        SafetensorError: If it is damaged.
        KeyError, TypeError, ValueError: If it holds no facts.
    """
    with safe_open(file, framework="pt") as stored:
        facts = json.loads(stored.metadata()[_FACTS])
        tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 (it is no mapping)
    return tensors, dict(facts)


def _for_file(tensor: Tensor) -> Tensor:
    """Copy a tensor to contiguous memory of its own, as safetensors wants it."""
    return tensor.detach().cpu().contiguous().clone()
