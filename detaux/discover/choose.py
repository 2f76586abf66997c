"""Which subspaces to cluster: a criterion's order of the subspaces that are alive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels, check_finite, check_rank, check_same_length
from detaux.core.errors import NoAuxiliaryTaskError
from detaux.discover.base import Criterion


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The subspaces in the order of a criterion, and all that the order went by."""

    ranking: tuple[int, ...]
    """Subspaces that could be chosen, the best first."""
    scores: NDArray[np.float64]
    """The criterion's scores, shape (K,), lower is better, NaN where never a candidate."""
    variance_share: NDArray[np.float64]
    """Share of each subspace in the codes' total variance, shape (K,), in [0, 1]."""
    min_variance_share: float
    """Subspaces below this share counted as dead."""

    @property
    def subspace(self) -> int:
        """Index of the best subspace."""
        return self.ranking[0]

    @property
    def dead_subspaces(self) -> int:
        """Number of subspaces below the minimum share, the principal one included."""
        return int(np.count_nonzero(self.variance_share < self.min_variance_share))


def variance_share(codes: Codes) -> NDArray[np.float64]:
    """Return the share of each subspace in the total variance of the codes.

    Args:
        codes: Codes of all subspaces, shape (N, K, D), float.

    Returns:
        Shares, shape (K,), in [0, 1]; they add up to 1, or are all 0 where the codes never vary.
    """
    variance = codes.var(axis=0, dtype=np.float64).sum(axis=1)
    total = variance.sum()
    return np.asarray(variance / total if total > 0 else np.zeros_like(variance))


def choose_subspace(
    codes: Codes, labels: Labels, criterion: Criterion, *, min_variance_share: float
) -> Choice:
    """Rank the subspaces that have variance by their score, the lowest first.

    The guard is needed: a collapsed subspace is orthogonal to everything, and the paper's rule would
    choose it always.

    Args:
        codes: Codes of the training split, shape (N, K, D), float, finite; subspace 0 is the principal one.
        labels: Principal labels, shape (N,), int.
        criterion: The rule.
        min_variance_share: Least share in the codes' total variance of a candidate, in [0, 1].

    Returns:
        The choice, the lower index first where scores are equal.

    Raises:
        NoAuxiliaryTaskError: If no subspace is a candidate.
        ValueError: If shapes do not fit, codes are not finite, or the criterion cannot choose among K.

    Source: Skenderi et al. 2025, arXiv:2310.09278, Section 3. Differs in: the guard by variance.
    """
    check_rank("codes", codes, 3)
    check_same_length(codes=codes, labels=labels)
    check_finite("codes", codes)
    criterion.check(codes.shape[1])
    scores, shares = criterion.scores(codes, labels), variance_share(codes)
    candidates = np.flatnonzero(~np.isnan(scores) & (shares > 0) & (shares >= min_variance_share))
    if candidates.size == 0:
        raise NoAuxiliaryTaskError(_no_candidate(scores, shares, min_variance_share))
    ranking = candidates[np.argsort(scores[candidates], kind="stable")]
    return Choice(
        ranking=tuple(ranking.tolist()),
        scores=scores,
        variance_share=shares,
        min_variance_share=min_variance_share,
    )


def _no_candidate(scores: NDArray[np.float64], shares: NDArray[np.float64], min_share: float) -> str:
    asked = ", ".join(f"{k}: {shares[k]:.2g}" for k in np.flatnonzero(~np.isnan(scores)))
    return (
        f"no subspace to cluster: none has a share of at least {min_share:g} in the codes' variance (found {asked}). "
        "Train stage one longer, or lower min_variance_share"
    )
