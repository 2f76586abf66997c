"""What becomes of images that no cluster takes in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes
from detaux.discover.base import NOISE

NoisePolicy = Literal["own_class", "nearest", "ignore"]
"""`own_class`: noise is class 0 and clusters follow from 1 (the released code's way); `nearest`: the cluster
of the nearest clustered training code; `ignore`: -1, left out of the auxiliary loss."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Classes:
    """Clusters made into classes, by one of the policies."""

    train: NDArray[np.int64]
    """Class of each training image, shape (n,), -1 where left out."""
    validation: NDArray[np.int64]
    """Class of each validation image, shape (m,), -1 where left out."""
    num_classes: int
    """How many classes a head must tell apart."""
    noise_class: int | None
    """The class that is noise; None where there is none."""


def check_policy(policy: str) -> None:
    """Check that `policy` is a noise policy.

    Raises:
        ValueError: If it is not; the text lists them.
    """
    if policy not in get_args(NoisePolicy):
        raise ValueError(f"noise must be one of {', '.join(get_args(NoisePolicy))}, but found {policy!r}")


def classes_of(
    policy: NoisePolicy,
    *,
    train: NDArray[np.int64],
    validation: NDArray[np.int64],
    codes_train: Codes,
    codes_validation: Codes,
    num_clusters: int,
) -> Classes:
    """Make classes of clusters.

    Noise is a class of its own only where the training split has any: no head learns an empty class. Where it
    has none, noise of the validation split is left out.

    Args:
        policy: What becomes of noise.
        train: Clusters of the training images, shape (n,), -1 where noise, not all of them.
        validation: The same of the validation images, shape (m,).
        codes_train: Codes of the clustered subspace, shape (n, D), float.
        codes_validation: The same of the validation images, shape (m, D).
        num_clusters: How many clusters there are.

    Raises:
        ValueError: If there is no such policy.
    """
    check_policy(policy)
    noise_class = None
    if policy == "nearest":
        clustered = train != NOISE
        known = codes_train[clustered], train[clustered]
        train, validation = (
            _to_nearest(train, codes_train, *known),
            _to_nearest(validation, codes_validation, *known),
        )
    elif policy == "own_class" and (train == NOISE).any():
        train, validation, noise_class = train + 1, validation + 1, 0
    num_classes = num_clusters + (noise_class is not None)
    return Classes(train=train, validation=validation, num_classes=num_classes, noise_class=noise_class)


def _to_nearest(
    labels: NDArray[np.int64], codes: Codes, known_codes: Codes, known_labels: NDArray[np.int64]
) -> NDArray[np.int64]:
    from sklearn.neighbors import NearestNeighbors

    settled, noise = labels.copy(), labels == NOISE
    if noise.any():
        search = NearestNeighbors(n_neighbors=1).fit(known_codes)
        settled[noise] = known_labels[search.kneighbors(codes[noise], return_distance=False)[:, 0]]
    return settled
