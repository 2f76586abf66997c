"""Plug-in mutual information of binned codes and factors, in nats."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels


def entropy(labels: Labels) -> float:
    """Return the entropy of class indices (N,), in nats."""
    shares = np.bincount(labels) / len(labels)
    return float(-np.sum(shares[shares > 0] * np.log(shares[shares > 0])))


def equal_width_bins(codes: Codes, num_bins: int) -> NDArray[np.int64]:
    """Cut each coordinate's range into bins of equal width.

    Args:
        codes: Codes, shape (N, D), float, finite.
        num_bins: How many bins.

    Returns:
        Bins, shape (N, D), in [0, num_bins); all 0 where a coordinate is constant.
    """
    low = codes.min(axis=0).astype(np.float64)
    width = codes.max(axis=0) - low
    scaled = (codes - low) / np.where(width > 0, width, 1)
    return np.asarray(np.minimum((scaled * num_bins).astype(np.int64), num_bins - 1))


def mutual_information(cells: NDArray[np.int64], factor: Labels) -> NDArray[np.float64]:
    """Return the mutual information between each column of cells and a factor, as counted.

    Counting overestimates: by about (cells - 1)(values - 1) / 2N nats where there is none.

    Args:
        cells: Cell indices from 0, shape (N, D), int.
        factor: Class indices from 0, shape (N,), int.

    Returns:
        Information in nats, shape (D,), from 0 to the factor's entropy.
    """
    num_columns, num_cells, num_values = cells.shape[1], int(cells.max()) + 1, int(factor.max()) + 1
    index = (np.arange(num_columns) * num_cells + cells) * num_values + factor[:, None]
    counts = np.bincount(index.ravel(), minlength=num_columns * num_cells * num_values)
    joint = counts.reshape(num_columns, num_cells, num_values) / len(cells)
    apart = joint.sum(axis=2, keepdims=True) * joint.sum(axis=1, keepdims=True)
    ratio = np.divide(joint, apart, out=np.ones_like(joint), where=joint > 0)
    return np.asarray(np.sum(joint * np.log(ratio), axis=(1, 2)))
