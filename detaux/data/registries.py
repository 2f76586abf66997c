"""The parts of this room that a suite can name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detaux.core.registry import Registry

if TYPE_CHECKING:
    from detaux.data.augmenting import Augmentation
    from detaux.data.corrupting import Corruption
    from detaux.data.dataset import DatasetPart
    from detaux.data.pairs import Pairing
    from detaux.data.split import Splitting

datasets: Registry[type[DatasetPart]] = Registry("datasets", "detaux.data.sets")
"""Images with factors or classes."""
splits: Registry[type[Splitting]] = Registry("splits", "detaux.data.splitting")
"""Rules that part a data set into training, validation and test images."""
pairings: Registry[type[Pairing]] = Registry("pairings", "detaux.data.pairing")
"""Rules that draw weak supervision pairs."""
corruptions: Registry[type[Corruption]] = Registry("corruptions", "detaux.data.corruption")
"""Noise put on images while training and scoring."""
augmentations: Registry[type[Augmentation]] = Registry("augmentations", "detaux.data.augmentation")
"""Changes of images that leave their labels alone, while training."""
