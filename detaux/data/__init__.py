"""Images with known factors or classes, their splits, pairs and corruptions.

A data set is loaded by name and read by index, as uint8 images and class indices:

    >>> import numpy as np
    >>> from detaux.data import load_dataset
    >>> digits = load_dataset("digits", image_size=16)
    >>> digits.images(np.array([0, 1])).shape, digits.factors(np.array([0, 1])).tolist()
    ((2, 16, 16, 3), [[0], [1]])

Nothing here imports torch until a pair is sampled, an image corrupted or a pool staged.
"""

from __future__ import annotations

from typing import Any

from detaux.core.progress import Progress
from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.options import checked_options
from detaux.data.registries import datasets

__all__ = ["Dataset", "FactorGrid", "load_dataset"]


def load_dataset(name: str, *, progress: Progress | None = None, **options: Any) -> Dataset:
    """Load a data set by its registered name.

    Args:
        name: As `detaux list datasets` shows it, e.g. `"shapes3d"`.
        progress: Hears of any preparation; without it, one of over two seconds is announced on stderr.
        **options: Fields of the registered part, e.g. `image_size=32`.

    Returns:
        The data set; what takes long to prepare is prepared once and cached under `$DETAUX_CACHE`.

    Raises:
        UnknownNameError: If the name or an option is unknown; near misses are named.
        TypeError: If the name is no string.
        ValueError: If an option is missing, of another type than its field, or out of range.
        DataError: If the files are missing or damaged.
    """
    if not isinstance(name, str):
        raise TypeError(f"name must be the name of a data set, found {name!r}")
    part = datasets.get(name)
    return part(**checked_options(name, part, options)).load(progress)
