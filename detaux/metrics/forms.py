"""The two forms in which metrics look at codes: coordinate by coordinate, and subspace by subspace."""

from __future__ import annotations

from detaux.core.checks import Codes


def as_coordinates(codes: Codes) -> Codes:
    """Return codes (N, D) or (N, K, D) as subspaces of one dimension, shape (N, D, 1) or (N, K * D, 1)."""
    return codes.reshape(len(codes), -1, 1)


def forms(metric: str, codes: Codes) -> dict[str, Codes]:
    """Return codes as subspaces, in the forms that a metric scores, by the names that these scores bear.

    Args:
        metric: Name of the metric.
        codes: Codes, shape (N, D) or (N, K, D).

    Returns:
        Under `metric` every coordinate as a subspace of its own, shape (N, K * D, 1); where codes have K axes and K
        is at least 2, under `metric.block` the codes as they are.
    """
    found = {metric: as_coordinates(codes)}
    if codes.ndim == 3 and codes.shape[1] > 1:  # noqa: PLR2004 - N, K, D
        found[f"{metric}.block"] = codes
    return found
