"""The disentanglers a suite can name."""

from __future__ import annotations

from detaux.core.registry import Registry
from detaux.disentangle.base import Method

disentanglers: Registry[type[Method]] = Registry("disentanglers", "detaux.disentangle.methods")
