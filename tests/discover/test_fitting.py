from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.checks import Codes
from detaux.discover import Clustering, Clusters, cluster_codes

CODES = np.random.default_rng(0).normal(size=(100, 2))


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign(Clustering):
    """Two clusters by the sign of the first coordinate; what it was fitted on is all noise."""

    fitted: list[NDArray[np.float64]] = field(default_factory=list)

    def fit(self, codes: Codes, *, seed: int) -> Clusters:
        assert seed >= 0
        self.fitted.append(np.asarray(codes))
        return Clusters(np.where(codes[:, 0] > 9, 0, -1), lambda new: np.where(new[:, 0] > 0, 0, -1))


def test_all_codes_are_fitted_where_they_are_few() -> None:
    sign = Sign()
    clustered = cluster_codes(CODES, sign, max_fit=100, seed=0)
    np.testing.assert_array_equal(sign.fitted[0], CODES)
    assert clustered.noise_share == 1


def test_fitted_codes_keep_their_label_and_the_rest_get_a_predicted_one() -> None:
    sign = Sign()
    codes = np.concatenate([CODES, [[10.0, 0.0]]])
    clustered = cluster_codes(codes, sign, max_fit=40, seed=1)
    was_fitted = (codes[:, None] == sign.fitted[0]).all(axis=2).any(axis=1)
    assert was_fitted.sum() == 40
    assert (clustered.labels[was_fitted & (codes[:, 0] < 9)] == -1).all()
    np.testing.assert_array_equal(
        clustered.labels[~was_fitted], clustered.clusters.predict(codes)[~was_fitted]
    )


def test_the_subsample_is_drawn_by_the_seed() -> None:
    sign = Sign()
    for seed in (0, 0, 1):
        cluster_codes(CODES, sign, max_fit=10, seed=seed)
    np.testing.assert_array_equal(sign.fitted[0], sign.fitted[1])
    assert (sign.fitted[0] != sign.fitted[2]).any()


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="2 axes"):
        cluster_codes(CODES[None], Sign(), max_fit=10, seed=0)
    with pytest.raises(ValueError, match="max_fit must be at least 1, but found 0"):
        cluster_codes(CODES, Sign(), max_fit=0, seed=0)
