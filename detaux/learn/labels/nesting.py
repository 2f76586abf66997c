"""Whether one labelling is coarser than another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def divided_class(classes: NDArray[np.int64], coarse: NDArray[np.int64]) -> int | None:
    """Return the first class whose images are of more than one coarse class; None where `coarse` only joins classes.

    Args:
        classes: Class of each image, shape (N,).
        coarse: The other labelling of them, shape (N,).
    """
    pairs = np.unique(np.column_stack([classes, coarse]), axis=0)
    found, counts = np.unique(pairs[:, 0], return_counts=True)
    divided = found[counts > 1]
    return int(divided[0]) if len(divided) else None


def not_coarser(labelling: str, divided: int) -> str:
    """Say that a labelling is not coarser than the principal classes, by a class that it divides."""
    return (
        f"{labelling!r} is no coarser labelling of the principal classes: images of class {divided} have several values"
        f" of it; write factor:{labelling}"
    )
