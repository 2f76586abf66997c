"""What each subspace changes, as a picture."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from detaux.disentangle.model import Disentangler


@torch.no_grad()
def traversal(
    model: Disentangler, codes: NDArray[np.float32], *, reference: int = 0, columns: int = 8
) -> NDArray[np.uint8]:
    """Decode one image with a subspace's code replaced by others', a row a subspace.

    Along a row, the replacing codes are those of real images, evenly spread by rank along the subspace's first
    principal component; what changes from left to right is what the subspace holds.

    Args:
        model: In eval mode.
        codes: Of N images, shape (N, K, D), as `codes_of` gives them.
        reference: Which image lends the other subspaces.
        columns: Images in a row, at least 2.

    Returns:
        One picture, shape (K * H, columns * W, 3), uint8.

    Raises:
        ValueError: If there are fewer than 2 columns, or the reference is not among the images.
    """
    if columns < 2:  # noqa: PLR2004 (one shows no change)
        raise ValueError(f"columns must be at least 2, but is {columns}")
    if not 0 <= reference < len(codes):
        raise ValueError(f"reference must be one of {len(codes)} images, but is {reference}")
    rows = []
    for subspace in range(codes.shape[1]):
        mixed = np.repeat(codes[reference : reference + 1], columns, axis=0)
        mixed[:, subspace] = codes[_spread(codes[:, subspace], columns), subspace]
        rows.append(_decoded_row(model, mixed))
    return np.concatenate(rows)


def _spread(codes: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return which of the codes (N, D) lie at evenly spaced ranks along their first principal component."""
    centred = codes - codes.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    order = np.argsort(centred @ axes[:, -1], kind="stable")
    return order[np.linspace(0, len(codes) - 1, count).round().astype(np.int64)]


def _decoded_row(model: Disentangler, codes: NDArray[np.float32]) -> NDArray[np.uint8]:
    device = next(model.parameters()).device
    images: Tensor = model.decode(torch.from_numpy(codes).to(device)).clamp(0, 1).mul(255).round()
    return np.concatenate(list(images.permute(0, 2, 3, 1).to("cpu", torch.uint8).numpy()), axis=1)
