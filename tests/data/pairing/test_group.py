"""Known answers of `group` on small sets, and what it refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.pairing.group import GroupPairing
from detaux.data.pairing.one_factor import OneFactorPairing

Loose = Callable[[Any], Dataset]
Pairs = Callable[..., tuple[NDArray[np.int64], NDArray[np.int64]]]
COUNT = 20_000


def assert_shares(drawn: tuple[NDArray[np.int64], ...], expected: dict[tuple[int, int], float]) -> None:
    counts = Counter(zip(*(images.tolist() for images in drawn), strict=True))
    assert counts.keys() == expected.keys()
    for pair, chance in expected.items():
        assert abs(counts[pair] / COUNT - chance) <= 3.5 * np.sqrt(chance * (1 - chance) / COUNT), pair


def test_every_pair_is_drawn_as_often_as_it_should_be(loose_set: Loose, pairs: Pairs) -> None:
    dataset = loose_set([[0, 0], [0, 0], [1, 0], [0, 1], [1, 2]])
    drawn = pairs(GroupPairing(), dataset, np.arange(5), ("a",), 1.0, count=COUNT)
    assert_shares(drawn, {(0, 2): 1 / 3, (1, 2): 1 / 3, (2, 0): 1 / 6, (2, 1): 1 / 6})
    drawn = pairs(GroupPairing(), dataset, np.arange(5), ("a",), 0.0, count=COUNT)
    in_second = {(0, 3): 1 / 5, (1, 3): 1 / 5, (3, 0): 1 / 10, (3, 1): 1 / 10, (2, 4): 1 / 5, (4, 2): 1 / 5}
    assert_shares(drawn, in_second)


def test_what_is_not_named_falls_as_it_may(loose_set: Loose, pairs: Pairs) -> None:
    dataset = loose_set(np.random.default_rng(0).integers(0, (3, 2, 50), (400, 3)))
    first, second = pairs(GroupPairing(factors=("b", "a")), dataset, np.arange(400), ("a",), 0.7)
    differs = dataset.factors(first) != dataset.factors(second)
    assert (differs[:, :2].sum(axis=1) == 1).all()
    assert differs[:, 2].mean() > 0.9


def test_a_single_factor_always_changes(loose_set: Loose, pairs: Pairs) -> None:
    dataset = loose_set(np.random.default_rng(0).integers(0, (3, 2), (40, 2)))
    first, second = pairs(GroupPairing(factors=("a",)), dataset, np.arange(40), ("a",), 1.0)
    assert (dataset.factors(first)[:, 0] != dataset.factors(second)[:, 0]).all()


def test_on_a_grid_it_is_one_factor(bare_grid: Callable[..., FactorGrid], pairs: Pairs) -> None:
    grid = bare_grid(3, 4)
    pool = np.array([0, 1, 2, 4, 7, 10])
    found = [
        Counter(zip(*pairs(rule, grid, pool, ("a",), 0.4, count=COUNT), strict=True))
        for rule in (GroupPairing(), OneFactorPairing())
    ]
    assert found[0].keys() == found[1].keys()
    for pair in found[0]:
        assert abs(found[0][pair] - found[1][pair]) < 5 * np.sqrt(found[0][pair])


def test_the_factors_of_a_kind_change_equally_often(loose_set: Loose, pairs: Pairs) -> None:
    dataset = loose_set(np.random.default_rng(0).integers(0, (3, 2, 4, 2), (400, 4)))
    first, second = pairs(GroupPairing(), dataset, np.arange(400), ("d", "a"), 0.6, count=COUNT)
    shares = (dataset.factors(first) != dataset.factors(second)).mean(axis=0)
    np.testing.assert_allclose(shares, [0.3, 0.2, 0.2, 0.3], atol=3 * np.sqrt(0.25 / COUNT))


def test_labelled_images_of_one_factor_change_their_class(pairs: Pairs) -> None:
    digits = load_dataset("digits")
    first, second = pairs(GroupPairing(), digits, np.arange(0, 1797, 3), ("class",), 1.0)
    assert (digits.factors(first) != digits.factors(second)).all()


def test_labelled_images_of_one_factor_have_no_other_to_change(pairs: Pairs) -> None:
    with pytest.raises(DataError, match=r"needs a factor beside the principal \['class'\] that may change"):
        pairs(GroupPairing(), load_dataset("digits"), np.arange(100), ("class",), 0.5)


def test_a_pool_without_such_a_pair_is_refused(loose_set: Loose, pairs: Pairs) -> None:
    dataset = loose_set([[0, 0], [1, 1], [2, 1], [0, 0]])
    with pytest.raises(DataError, match=r"no two of the 4 images in the pool differ in one of \['b'\] alone"):
        pairs(GroupPairing(), dataset, np.arange(4), ("b",), 0.5)


def test_an_unknown_factor_is_answered_with_a_near_miss(
    bare_grid: Callable[..., FactorGrid], pairs: Pairs
) -> None:
    with pytest.raises(DataError, match="unknown name 'z' among factors of bare"):
        pairs(GroupPairing(factors=("a", "z")), bare_grid(3, 3), np.arange(9), ("a",), 0.5)


def test_a_principal_factor_must_be_named(bare_grid: Callable[..., FactorGrid], pairs: Pairs) -> None:
    with pytest.raises(DataError, match=r"factors names \['a'\], but not the principal \['b'\]; add them"):
        pairs(GroupPairing(factors=("a",)), bare_grid(3, 3), np.arange(9), ("a", "b"), 0.5)
