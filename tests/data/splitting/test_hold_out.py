from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.principal import principal_labels
from detaux.data.splitting.hold_out import HoldOutSplit

Grid = Callable[..., FactorGrid]


def test_the_test_part_is_all_images_of_the_values(bare_grid: Grid) -> None:
    grid = bare_grid(5, 4, 6)
    labels, _ = principal_labels(grid, ["c"])
    split = HoldOutSplit(factor="a", values=(4, 1), validation=0.25).split(grid, labels, seed=0)
    np.testing.assert_array_equal(
        split.test, np.flatnonzero(np.isin(grid.factors(np.arange(120))[:, 0], [1, 4]))
    )
    assert [len(index) for index in split.parts.values()] == [54, 18, 48]
    assert set(grid.factors(split.train)[:, 0]) == {0, 2, 3}


def test_the_test_part_is_no_matter_of_chance(bare_grid: Grid) -> None:
    grid, labels, rule = bare_grid(5, 20), np.zeros(100, int), HoldOutSplit(factor="a", values=(0,))
    one, other = (rule.split(grid, labels, seed=seed) for seed in (0, 1))
    np.testing.assert_array_equal(one.test, other.test)
    assert one.hash != other.hash


def test_a_class_of_a_labelled_set_can_be_held_out(bare_set: Callable[..., Dataset]) -> None:
    dataset = bare_set(**{"class": np.arange(30) % 3})
    split = HoldOutSplit(factor="class", values=(2,)).split(dataset, np.zeros(30, int), seed=0)
    assert split.test.tolist() == list(range(2, 30, 3))


PICTURES = {"class": np.arange(30) % 2, "domain": np.arange(30) % 3}
DOMAINS = ("art", "photo", "sketch")


def _pictures(bare_set: Callable[..., Dataset]) -> Dataset:
    dataset = bare_set(**PICTURES)
    dataset.value_names = {"domain": DOMAINS}
    return dataset


@pytest.mark.parametrize("values", [("sketch", "art"), ("art", 2), (2, 0)])
def test_a_name_means_its_number(bare_set: Callable[..., Dataset], values: tuple[int | str, ...]) -> None:
    dataset, labels = _pictures(bare_set), PICTURES["class"]
    named = HoldOutSplit(factor="domain", values=values).split(dataset, labels, seed=3)
    numbered = HoldOutSplit(factor="domain", values=(0, 2)).split(dataset, labels, seed=3)
    assert named.hash == numbered.hash
    assert set(PICTURES["domain"][named.train]) == {1}


@pytest.mark.parametrize(
    ("factor", "values", "message"),
    [
        ("domain", ("sketsch",), "'sketsch' among values of domain in people; did you mean 'sketch'"),
        ("domain", ("2",), r"'2' among values of domain in people\. Known: art, photo, sketch"),
        ("domain", (3,), r"value 3 of domain; name values of 0 to 2 \(0 'art', 1 'photo', 2 'sketch'\) that"),
        ("domain", ("art", 0), r"values \['art', 0\] of domain mean one value twice; remove 0"),
        ("class", ("a",), "'a': the values of class in people have no names; write numbers"),
    ],
)
def test_a_value_that_is_none_is_answered_with_those_that_are(
    bare_set: Callable[..., Dataset], factor: str, values: tuple[int | str, ...], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        HoldOutSplit(factor=factor, values=values).split(_pictures(bare_set), PICTURES["class"], seed=0)


def test_long_lists_of_names_are_cut(bare_set: Callable[..., Dataset]) -> None:
    dataset = bare_set(a=np.arange(60) % 25)
    dataset.value_names = {"a": tuple(f"n{number}" for number in range(25))}
    with pytest.raises(DataError, match=r"0 to 24 \(0 'n0', .*, 19 'n19', \.\.\.\) that"):
        HoldOutSplit(factor="a", values=(25,)).split(dataset, np.zeros(60, int), seed=0)


def test_it_names_what_it_holds_out() -> None:
    assert HoldOutSplit(factor="a", values=(0,)).held_out() == ("a",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"factor": "wall_hue", "values": (0,)}, "'wall_hue' among factors of bare"),
        ({"factor": "a", "values": (1, 4)}, "has the value 4 of a; name values of 0 to 3"),
        ({"factor": "a", "values": (0, 1, 2, 3)}, r"values \[0, 1, 2, 3\] of a hold out all images of bare"),
        ({"factor": "a", "values": (0,), "validation": 1e-6}, "raise its option 'validation'"),
        ({"factor": "a", "values": (0,), "train_size": 200}, "train_size is 200, but there are only"),
    ],
)
def test_what_the_set_cannot_give_is_refused(bare_grid: Grid, options: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        HoldOutSplit(**options).split(bare_grid(4, 10), np.zeros(40, int), seed=0)


def test_a_value_that_no_image_has_is_refused(bare_set: Callable[..., Dataset]) -> None:
    dataset = bare_set(a=[0, 0, 2, 2], b=[0, 1, 0, 1])
    with pytest.raises(DataError, match="no image of people has the value 1 of a"):
        HoldOutSplit(factor="a", values=(1, 2)).split(dataset, np.zeros(4, int), seed=0)


@pytest.mark.parametrize(
    "options", [{"values": ()}, {"values": (1, 1)}, {"values": (-1,)}, {"values": (0,), "validation": 1.0}]
)
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="found"):
        HoldOutSplit(factor="a", **options)
