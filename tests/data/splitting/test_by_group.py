from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.splitting.by_group import GroupSplit, _draw_groups

Sets = Mapping[str, Dataset]


@pytest.mark.parametrize("seed", range(20))
def test_no_group_is_in_two_parts_and_shares_are_near(sets: Sets, seed: int) -> None:
    people = sets["people"]
    split = GroupSplit(factor="person").split(people, np.arange(len(people)) % 2, seed=seed)
    groups = [set(people.factors(index)[:, 0]) for index in split.parts.values()]
    assert sum(map(len, groups)) == len(set.union(*groups)) == 30
    assert sum(len(index) for index in split.parts.values()) == len(people)
    half = np.bincount(people.factors(np.arange(len(people)))[:, 0]).max() / 2
    assert abs(len(split.validation) - 0.1 * len(people)) <= half
    assert abs(len(split.test) - 0.2 * len(people)) <= half


def test_equal_groups_give_the_exact_shares(bare_grid: Callable[..., FactorGrid]) -> None:
    split = GroupSplit(factor="a").split(bare_grid(10, 7), np.zeros(70, int), seed=0)
    assert [len(index) for index in split.parts.values()] == [49, 7, 14]


@given(
    sizes=st.lists(st.integers(0, 50), min_size=1, max_size=30),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**62),
)
def test_the_groups_drawn_miss_the_target_by_half_a_group_at_most(
    sizes: list[int], share: float, seed: int
) -> None:
    counts = np.array(sizes)
    taken = _draw_groups(counts, share * counts.sum(), seed)
    assert abs(counts[taken].sum() - share * counts.sum()) <= max(sizes) / 2 + 1e-9
    assert counts[taken].all()


def test_each_group_is_as_likely_as_another_to_be_tested() -> None:
    counts = np.full(10, 3)
    times = sum(_draw_groups(counts, 6, seed).astype(int) for seed in range(2000))
    np.testing.assert_allclose(times, 400, atol=4 * np.sqrt(2000 * 0.2 * 0.8))


def test_it_names_what_it_holds_out() -> None:
    assert GroupSplit(factor="person").held_out() == ("person",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"factor": "persons"}, "'persons' among factors of people; did you mean 'person'"),
        ({"factor": "person", "test": 1e-6}, "test part of the split is empty; raise its option 'test'"),
        ({"factor": "person", "validation": 1e-6}, "raise its option 'validation'"),
        ({"factor": "person", "validation": 0.01, "test": 0.9899}, "train part of the split is empty"),
        ({"factor": "person", "train_size": 10_000}, "train_size is 10000, but there are only"),
    ],
)
def test_what_the_set_cannot_give_is_refused(sets: Sets, options: dict[str, Any], message: str) -> None:
    people = sets["people"]
    with pytest.raises(DataError, match=message):
        GroupSplit(**options).split(people, np.zeros(len(people), int), seed=0)


def test_two_groups_are_too_few(bare_grid: Callable[..., FactorGrid]) -> None:
    with pytest.raises(DataError, match="a makes only 2 groups of the images of bare"):
        GroupSplit(factor="a").split(bare_grid(2, 7), np.zeros(14, int), seed=0)


@pytest.mark.parametrize(
    "options", [{"test": 0.0}, {"validation": -0.1}, {"validation": 0.5, "test": 0.5}, {"train_size": 0}]
)
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="found"):
        GroupSplit(factor="a", **options)
