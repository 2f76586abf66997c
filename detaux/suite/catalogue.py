"""The kinds of registered parts that a suite may name, and where their registries live."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from detaux.core.registry import Registry

REGISTRIES: Mapping[str, str] = {
    "datasets": "detaux.data.registries:datasets",
    "splits": "detaux.data.registries:splits",
    "pairings": "detaux.data.registries:pairings",
    "corruptions": "detaux.data.registries:corruptions",
    "augmentations": "detaux.data.registries:augmentations",
    "backbones": "detaux.models.registries:backbones",
    "disentanglers": "detaux.disentangle.registry:disentanglers",
    "criteria": "detaux.discover.registries:criteria",
    "clusterings": "detaux.discover.registries:clusterings",
    "architectures": "detaux.learn.registries:architectures",
    "weightings": "detaux.learn.registries:weightings",
    "auxiliary": "detaux.learn.registries:auxiliary",
    "metrics": "detaux.metrics.registry:metrics",
    "tables": "detaux.report.registries:tables",
    "figures": "detaux.report.registries:figures",
}
"""Registry of each kind, as `module:name`; imported when first needed, since some of them import torch.

Tables and figures are parts of a room to the right of this one: like any plug-in they are known by name alone."""


@cache
def registry(kind: str) -> Registry[Any]:
    """Return the registry of a kind of part.

    Raises:
        KeyError: If there is no such kind.
    """
    module, _, name = REGISTRIES[kind].partition(":")
    found: Registry[Any] = getattr(importlib.import_module(module), name)
    return found
