from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.discover import Criterion
from detaux.discover.criteria.cosine import Cosine
from detaux.discover.criteria.fixed import Fixed
from detaux.discover.criteria.orthogonality import Orthogonality
from detaux.discover.criteria.principal import Principal
from detaux.discover.criteria.whole import Whole
from detaux.discover.criteria.worst import Worst

LABELS = np.zeros(50, dtype=np.int64)


@pytest.fixture
def codes() -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(1, 1, size=(50, 4, 3)).astype(np.float32)


def _slow_mean_dot(codes: NDArray[np.float32], subspace: int, *, normalised: bool) -> float:
    total = 0.0
    for image in codes.astype(float):
        principal, other = image[0], image[subspace]
        dot = sum(float(a) * float(b) for a, b in zip(principal, other, strict=True))
        total += dot / (math.hypot(*principal) * math.hypot(*other)) if normalised else dot
    return abs(total / len(codes))


@pytest.mark.parametrize(
    ("criterion", "normalised", "sign"),
    [(Orthogonality(), False, 1), (Cosine(), True, 1), (Worst(), False, -1)],
)
def test_scores_are_those_of_a_literal_loop(
    criterion: Criterion,
    normalised: bool,  # noqa: FBT001 - a column of the table above
    sign: int,
    codes: NDArray[np.float32],
) -> None:
    expected = [sign * _slow_mean_dot(codes, subspace, normalised=normalised) for subspace in (1, 2, 3)]
    scores = criterion.scores(codes, LABELS)
    assert np.isnan(scores[0])
    np.testing.assert_allclose(scores[1:], expected, rtol=1e-5)


def test_opposite_directions_do_not_pass_for_orthogonal() -> None:
    codes = np.array([[[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]]])
    for criterion in (Orthogonality(), Cosine()):
        assert criterion.scores(codes, LABELS[:1])[1:].tolist() == [1, 0]


def test_scale_counts_for_the_dot_product_but_not_for_the_cosine(codes: NDArray[np.float32]) -> None:
    shrunk = codes * np.array([1, 1, 1e-3, 1], dtype=np.float32)[:, None]
    assert np.nanargmin(Orthogonality().scores(shrunk, LABELS)) == 2
    np.testing.assert_allclose(Cosine().scores(shrunk, LABELS), Cosine().scores(codes, LABELS), rtol=1e-5)


def test_a_collapsed_subspace_is_orthogonal_without_a_division_by_zero(codes: NDArray[np.float32]) -> None:
    codes[:, 2] = 0
    assert Cosine().scores(codes, LABELS)[2] == 0
    assert Orthogonality().scores(codes, LABELS)[2] == 0


def test_fixed_allows_its_index_alone(codes: NDArray[np.float32]) -> None:
    scores = Fixed(index=2).scores(codes, LABELS)
    assert np.flatnonzero(~np.isnan(scores)).tolist() == [2]


def test_principal_allows_subspace_0_alone(codes: NDArray[np.float32]) -> None:
    assert np.flatnonzero(~np.isnan(Principal().scores(codes, LABELS))).tolist() == [0]


def test_whole_makes_one_block_of_all_numbers_in_order(codes: NDArray[np.float32]) -> None:
    blocks = Whole().blocks(codes)
    np.testing.assert_array_equal(blocks, codes.reshape(50, 1, 12))
    assert Whole().scores(blocks, LABELS).tolist() == [0]


@pytest.mark.parametrize("criterion", [Orthogonality(), Fixed(index=1), Principal()])
def test_others_choose_among_the_subspaces_as_they_are(
    criterion: Criterion, codes: NDArray[np.float32]
) -> None:
    assert criterion.blocks(codes) is codes


@pytest.mark.parametrize("criterion", [Principal(), Whole()])
def test_controls_need_no_second_subspace(criterion: Criterion) -> None:
    criterion.check(1)


@pytest.mark.parametrize("index", [0, -1])
def test_fixed_refuses_the_principal_subspace(index: int) -> None:
    with pytest.raises(ValueError, match=f"found {index}"):
        Fixed(index=index)


def test_fixed_is_checked_against_the_number_of_subspaces_before_anything_runs() -> None:
    Fixed(index=9).check(10)
    with pytest.raises(ValueError, match="below the 10 subspaces there are, but found 10"):
        Fixed(index=10).check(10)


@pytest.mark.parametrize("criterion", [Orthogonality(), Cosine(), Worst()])
def test_others_need_a_second_subspace(criterion: Criterion) -> None:
    criterion.check(2)
    with pytest.raises(ValueError, match="at least 2 subspaces"):
        criterion.check(1)
