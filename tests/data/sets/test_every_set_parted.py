"""No image leaks from one part of any data set into another, by whatever rule it is parted."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset
from detaux.data.principal import factor_columns
from detaux.data.registries import splits
from detaux.data.split import Split, Splitting
from tests.data.standins.rules import NOTHING, is_allowed, part, rule_for


class Parted(NamedTuple):
    rule: Splitting
    split: Split


@pytest.fixture
def parted(dataset: Dataset) -> Mapping[str, Parted]:
    rules = {name: rule_for(name, dataset) for name in splits.names() if is_allowed(name, dataset)}
    return {name: Parted(rule, part(dataset, rule)) for name, rule in rules.items()}


def combinations_of(dataset: Dataset, rule: Splitting, index: NDArray[np.int64]) -> set[tuple[int, ...]]:
    columns = factor_columns(dataset, rule.held_out())
    return {tuple(row) for row in dataset.factors(index)[:, columns].tolist()}


def test_every_set_can_be_parted_at_random_and_by_a_value(parted: Mapping[str, Parted]) -> None:
    assert {"random", "hold_out"} <= parted.keys()


def test_parts_share_no_image(dataset: Dataset, parted: Mapping[str, Parted]) -> None:
    for name, (_, split) in parted.items():
        for index in split.parts.values():
            assert index.dtype == np.int64, name
            assert len(index), name
            dataset.check_index(index)
        for one, other in combinations(split.parts.values(), 2):
            assert not set(one.tolist()) & set(other.tolist()), name


def test_parts_share_no_pixels(dataset: Dataset, parted: Mapping[str, Parted]) -> None:
    for name, (_, split) in parted.items():
        contents = [{image.tobytes() for image in dataset.images(index)} for index in split.parts.values()]
        for one, other in combinations(contents, 2):
            assert not one & other, name


def test_what_is_held_out_is_in_the_test_part_alone(dataset: Dataset, parted: Mapping[str, Parted]) -> None:
    for name, (rule, split) in parted.items():
        if rule.held_out():
            tested, *seen = (
                combinations_of(dataset, rule, index) for index in (split.test, split.train, split.validation)
            )
            assert tested, name
            assert not tested & set().union(*seen), name


def test_no_two_parts_share_a_group(dataset: Dataset, parted: Mapping[str, Parted]) -> None:
    if "by_group" in parted:
        rule, split = parted["by_group"]
        groups = [combinations_of(dataset, rule, index) for index in split.parts.values()]
        assert not any(one & other for one, other in combinations(groups, 2))


def test_the_held_out_value_has_all_its_images_in_the_test_part(
    dataset: Dataset, parted: Mapping[str, Parted]
) -> None:
    rule, split = parted["hold_out"]
    (column,), (value, *_) = factor_columns(dataset, rule.held_out()), rule.values  # type: ignore[attr-defined]  # of this rule
    having = dataset.factors(np.arange(len(dataset)))[:, column] == value
    np.testing.assert_array_equal(split.test, np.flatnonzero(having))


@pytest.mark.parametrize("validation", [None, 0.25])
def test_the_official_test_images_are_all_and_alone_tested(
    dataset: Dataset, validation: float | None
) -> None:
    parts = dataset.official_parts
    if parts:
        split = part(dataset, rule_for("official", dataset, validation=validation))
        np.testing.assert_array_equal(split.test, parts["test"])
        rest = [
            parts["train"],
            *([parts["validation"]] if validation is None and "validation" in parts else []),
        ]
        seen = np.concatenate([split.train, split.validation])
        np.testing.assert_array_equal(np.sort(seen), np.sort(np.concatenate(rest)))
        if len(rest) > 1:
            np.testing.assert_array_equal(split.validation, parts["validation"])


def test_the_hash_goes_with_seed_and_every_part(dataset: Dataset, parted: Mapping[str, Parted]) -> None:
    for name, (rule, split) in parted.items():
        fewer = [
            dataclasses.replace(split, **{place: index[1:]}).hash for place, index in split.parts.items()
        ]
        assert part(dataset, rule).hash == split.hash, name
        assert split.hash not in {part(dataset, rule, seed=1).hash, *fewer}, name


def test_what_a_set_does_not_allow_is_refused(dataset: Dataset) -> None:
    for name in splits.names():
        if not is_allowed(name, dataset):
            with pytest.raises(DataError):
                part(dataset, rule_for(name, dataset))


def test_factors_and_values_that_it_lacks_are_refused(dataset: Dataset) -> None:
    lacking = {"factor": NOTHING[0], "factors": NOTHING}
    for name in splits.names():
        rule = rule_for(name, dataset, **lacking)
        if lacking.keys() & {field.name for field in dataclasses.fields(splits.get(name))}:
            with pytest.raises(DataError):
                part(dataset, rule)
    with pytest.raises(DataError, match=r"no image of .* has the value"):
        part(dataset, rule_for("hold_out", dataset, values=(max(dataset.factor_sizes),)))
