"""The stand-ins that there are: a module a data set, of the same name, whose functions `make...` write one each."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from detaux.data.dataset import Dataset

Maker = Callable[[Path, pytest.MonkeyPatch], dict[str, Any]]
"""Writes what a data set needs into a folder, and returns the options that open it."""


class Opened(NamedTuple):
    """A data set, and how to open it again."""

    name: str
    """As it is registered."""
    options: Mapping[str, Any]
    dataset: Dataset


def makers_of(name: str) -> dict[str, Maker]:
    """Return the makers for a data set by name, of which `make` is one if there is any."""
    module = f"{__package__}.{name}"
    if importlib.util.find_spec(module) is None:
        return {}
    members = vars(importlib.import_module(module))
    return {key: value for key, value in members.items() if key.startswith("make")}
