"""What a criterion and a clustering are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels, check_rank

NOISE = -1
"""Label of a code that belongs to no cluster."""


class Criterion(ABC):
    """A rule that says which subspace's codes to cluster."""

    __slots__ = ()

    def blocks(self, codes: Codes) -> Codes:
        """Return the blocks of numbers that the rule chooses among: subspaces, unless it says otherwise.

        Args:
            codes: Codes of either split, shape (N, K, D), float.

        Returns:
            Shape (N, K', D'), the same numbers.
        """
        return codes

    @abstractmethod
    def scores(self, codes: Codes, labels: Labels) -> NDArray[np.float64]:
        """Score every block; the lowest score is chosen.

        Args:
            codes: Blocks of the training split, shape (N, K, D), float; subspace 0 is the principal one.
            labels: Principal labels, shape (N,), int.

        Returns:
            Scores, shape (K,). NaN marks a subspace that can never be chosen; the principal one never is by a rule that
            compares subspaces.
        """

    def num_candidates(self, num_subspaces: int) -> int:
        """Return how many of so many subspaces could be chosen at most."""
        return num_subspaces - 1

    def check(self, num_subspaces: int) -> None:
        """Check, before anything runs, that the rule can choose among so many subspaces.

        Raises:
            ValueError: If it cannot: there is no subspace beside the principal one.
        """
        if num_subspaces < 2:  # noqa: PLR2004 - one principal, one other
            raise ValueError(
                f"need at least 2 subspaces, one beside the principal, but found {num_subspaces}"
            )


class Clustering(ABC):
    """A way to cluster the codes of one subspace; it never sees a label."""

    __slots__ = ()

    @abstractmethod
    def fit(self, codes: Codes, *, seed: int) -> Clusters:
        """Find clusters.

        Args:
            codes: Codes of one subspace, shape (N, D), float.
            seed: Seed of every draw, not negative.

        Returns:
            The clusters, perhaps none: that is no error here.
        """


class Clusters:
    """Clusters of fitted codes, numbered from the largest to the smallest.

    Equal sizes keep the order in which the clustering numbered them.

    Args:
        raw_labels: The clustering's own numbers of the fitted codes, shape (N,), int, -1 where noise.
        assign: Gives codes (M, D) the clustering's own numbers, shape (M,).
    """

    labels: NDArray[np.int64]
    """Cluster of each fitted code, shape (N,), -1 where noise."""
    num_clusters: int
    """How many clusters there are; noise is none."""

    def __init__(self, raw_labels: NDArray[np.integer[Any]], assign: Callable[[Codes], NDArray[Any]]) -> None:
        sizes = np.bincount(raw_labels[raw_labels != NOISE])
        self._assign = assign
        self._rank_of = np.append(np.argsort(np.argsort(-sizes, kind="stable")), NOISE)  # index -1 is noise
        self.labels = self._rank_of[raw_labels]
        self.num_clusters = int(np.count_nonzero(sizes))

    @classmethod
    def none(cls, count: int) -> Clusters:
        """Return what a fit to `count` codes gives that finds nothing: all of them noise, and all to come."""
        return cls(_all_noise(count), lambda codes: _all_noise(len(codes)))

    def predict(self, codes: Codes) -> NDArray[np.int64]:
        """Say to which cluster each code belongs.

        Args:
            codes: Codes, fitted or new, shape (M, D), float, D as fitted.

        Returns:
            Clusters, shape (M,), -1 where noise.
        """
        check_rank("codes", codes, 2)
        if len(codes) == 0:
            return _all_noise(0)
        clusters: NDArray[np.int64] = self._rank_of[self._assign(codes)]
        return clusters


def _all_noise(count: int) -> NDArray[np.int64]:
    return np.full(count, NOISE, dtype=np.int64)
