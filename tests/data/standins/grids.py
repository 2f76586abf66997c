"""What stand-ins of grids share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray


def noise(factors: Mapping[str, int], *image_shape: int) -> NDArray[np.uint8]:
    """Return an image of noise for each combination, shape (N, *image_shape)."""
    shape = (math.prod(factors.values()), *image_shape)
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def give_factors(module: ModuleType, monkeypatch: pytest.MonkeyPatch, factors: Mapping[str, int]) -> None:
    """Make a data set of the factors of `module`, of so many values each."""
    facts = module._FACTS
    value_names = {name: names[: factors[name]] for name, names in facts.value_names.items()}
    monkeypatch.setattr(module, "_FACTS", replace(facts, factors=factors, value_names=value_names))
