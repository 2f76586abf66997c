"""What an augmentation is."""

from __future__ import annotations

from typing import Protocol

from detaux.data.corrupting import Corruption


class Augmentation(Corruption, Protocol):
    """A registered augmentation: what a corruption is, but for training images alone, which it changes each epoch."""
