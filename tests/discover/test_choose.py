from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import NoAuxiliaryTaskError
from detaux.discover import Criterion, choose_subspace, variance_share
from detaux.discover.criteria.fixed import Fixed
from detaux.discover.criteria.orthogonality import Orthogonality
from detaux.discover.criteria.principal import Principal
from detaux.discover.criteria.whole import Whole
from detaux.discover.criteria.worst import Worst

LABELS = np.zeros(400, dtype=np.int64)


@pytest.fixture
def codes() -> NDArray[np.float64]:
    """Codes where 1 lies along the principal subspace, 2 is collapsed, and 3 is nearly orthogonal."""
    generator = np.random.default_rng(0)
    codes = generator.normal(size=(400, 4, 2))
    codes[:, 1] = codes[:, 0] + 0.1 * codes[:, 1]
    codes[:, 2] *= 1e-4
    return np.asarray(codes)


def test_shares_add_up_and_know_known_variances() -> None:
    codes = np.zeros((2, 3, 2))
    codes[1, 0] = [2, 0]  # variance 1
    codes[1, 1] = [2, 4]  # variance 1 + 4
    codes[:, 2] = 7
    np.testing.assert_allclose(variance_share(codes), [1 / 6, 5 / 6, 0])


def test_codes_that_never_vary_have_no_shares() -> None:
    assert variance_share(np.ones((5, 3, 2))).tolist() == [0, 0, 0]


def test_without_the_guard_the_collapsed_subspace_wins(codes: NDArray[np.float64]) -> None:
    assert choose_subspace(codes, LABELS, Orthogonality(), min_variance_share=0).subspace == 2


def test_the_guard_keeps_the_collapsed_subspace_out_and_records_it(codes: NDArray[np.float64]) -> None:
    choice = choose_subspace(codes, LABELS, Orthogonality(), min_variance_share=0.01)
    assert choice.subspace == 3
    assert choice.ranking == (3, 1)
    assert choice.dead_subspaces == 1
    assert choice.variance_share[2] < 1e-6
    assert choice.min_variance_share == 0.01


def test_worst_is_worst_among_the_living(codes: NDArray[np.float64]) -> None:
    assert choose_subspace(codes, LABELS, Worst(), min_variance_share=0.01).subspace == 1


def test_a_subspace_without_any_variance_is_dead_even_without_a_guard() -> None:
    codes = np.random.default_rng(1).normal(size=(400, 3, 2))
    codes[:, 1] = 0
    assert choose_subspace(codes, LABELS, Orthogonality(), min_variance_share=0).ranking == (2,)


def test_nothing_takes_the_place_of_a_dead_fixed_subspace(codes: NDArray[np.float64]) -> None:
    with pytest.raises(NoAuxiliaryTaskError, match=r"at least 0\.01 .*found 2: .*min_variance_share"):
        choose_subspace(codes, LABELS, Fixed(index=2), min_variance_share=0.01)


@pytest.mark.parametrize(("criterion", "scale"), [(Principal(), (0, 1, 1, 1)), (Whole(), (0, 0, 0, 0))])
def test_the_guard_holds_for_controls_too(
    codes: NDArray[np.float64], criterion: Criterion, scale: tuple[int, ...]
) -> None:
    blocks = criterion.blocks(codes * np.array(scale)[:, None])
    with pytest.raises(NoAuxiliaryTaskError, match=r"at least 0\.01 .*found 0: 0"):
        choose_subspace(blocks, LABELS, criterion, min_variance_share=0.01)


def test_no_candidate_is_no_task() -> None:
    with pytest.raises(NoAuxiliaryTaskError, match="1: 0, 2: 0"):
        choose_subspace(np.ones((400, 3, 2)), LABELS, Orthogonality(), min_variance_share=0)


def test_equal_scores_go_to_the_lower_index() -> None:
    codes = np.repeat(np.random.default_rng(2).normal(size=(400, 1, 2)), 3, axis=1)
    assert choose_subspace(codes, LABELS, Orthogonality(), min_variance_share=0.1).ranking == (1, 2)


def test_bad_input_is_named(codes: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match=r"3 axes.*\(400, 2\)"):
        choose_subspace(codes[:, 0], LABELS, Orthogonality(), min_variance_share=0)
    with pytest.raises(ValueError, match="'labels': 399"):
        choose_subspace(codes, LABELS[1:], Orthogonality(), min_variance_share=0)
    with pytest.raises(ValueError, match="at least 2 subspaces"):
        choose_subspace(codes[:, :1], LABELS, Orthogonality(), min_variance_share=0)
    codes[3, 1, 0] = np.nan
    with pytest.raises(ValueError, match="1 values that are not finite"):
        choose_subspace(codes, LABELS, Orthogonality(), min_variance_share=0)
