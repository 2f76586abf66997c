"""What holds of every registered rule: a new one is tested here by being registered."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.data.dataset import Dataset
from detaux.data.principal import factor_columns, principal_labels
from detaux.data.registries import splits
from detaux.data.split import Split, Splitting

NEEDS_A_GRID = {"compositional"}
FACTORS = {"grid": ("a", "b", "c"), "people": ("person", "light", "gesture"), "labelled": ("class",)}


def rule_for(name: str, place: str, **options: Any) -> Splitting:
    """Build a rule, its options that name factors or values filled in; the last factor is left for the labels."""
    fields = {field.name for field in dataclasses.fields(splits.get(name))}
    first = FACTORS[place]
    known = {"factor": first[0], "factors": first[:2], "values": (1, 2)}
    return splits.get(name)(**{key: value for key, value in known.items() if key in fields}, **options)


def cases() -> Iterator[Any]:
    """Yield every rule with every set that it can part."""
    for name in splits.names():
        names_factors = {field.name for field in dataclasses.fields(splits.get(name))} & {"factor", "factors"}
        yield pytest.param(name, "grid", id=f"{name}-grid")
        if name not in NEEDS_A_GRID:
            yield pytest.param(name, "people", id=f"{name}-people")
        if not names_factors:
            yield pytest.param(name, "labelled", id=f"{name}-labelled")


every_case = pytest.mark.parametrize(("name", "place"), list(cases()))


def parted(dataset: Dataset, name: str, place: str, *, seed: int = 0, **options: Any) -> Split:
    return rule_for(name, place, **options).split(dataset, labels_of(dataset), seed=seed)


def labels_of(dataset: Dataset) -> NDArray[np.int64]:
    return principal_labels(dataset, [dataset.factor_names[-1]])[0]


@every_case
def test_parts_are_disjoint_sorted_and_not_empty(sets: Mapping[str, Dataset], name: str, place: str) -> None:
    split = parted(sets[place], name, place)
    together = np.concatenate(list(split.parts.values()))
    assert len(np.unique(together)) == len(together) <= len(sets[place])
    for index in split.parts.values():
        assert index.dtype == np.int64
        assert len(index)
        assert (np.diff(index) > 0).all()
        sets[place].check_index(index)


@every_case
def test_the_seed_decides(sets: Mapping[str, Dataset], name: str, place: str) -> None:
    hashes = [parted(sets[place], name, place, seed=seed).hash for seed in (0, 0, 1)]
    assert hashes[0] == hashes[1] != hashes[2]


@every_case
def test_the_hash_depends_on_every_image(sets: Mapping[str, Dataset], name: str, place: str) -> None:
    split = parted(sets[place], name, place)
    fewer = [
        dataclasses.replace(split, **{part: np.delete(index, [0])}).hash
        for part, index in split.parts.items()
    ]
    moved = dataclasses.replace(
        split, train=split.train[1:], validation=np.union1d(split.validation, split.train[:1])
    )
    assert len({split.hash, moved.hash, *fewer}) == 5


@pytest.mark.parametrize(
    ("name", "place"), [case for case in cases() if rule_for(*map(str, case.values)).held_out()]
)
def test_nothing_held_out_leaks(sets: Mapping[str, Dataset], name: str, place: str) -> None:
    dataset, split = sets[place], parted(sets[place], name, place)
    columns = factor_columns(dataset, rule_for(name, place).held_out())
    tested, seen = (
        {tuple(row) for row in dataset.factors(index)[:, columns].tolist()}
        for index in (split.test, np.concatenate([split.train, split.validation]))
    )
    assert tested
    assert not tested & seen


@every_case
@pytest.mark.parametrize("option", [{"train_size": 12}, {"label_fraction": 0.3}], ids=["size", "fraction"])
def test_a_label_budget_keeps_the_classes_shares_and_the_other_parts(
    sets: Mapping[str, Dataset], name: str, place: str, option: Mapping[str, Any]
) -> None:
    labels = labels_of(sets[place])
    whole, capped = parted(sets[place], name, place), parted(sets[place], name, place, **option)
    assert len(capped.train) == option.get("train_size", round(0.3 * len(whole.train)))
    assert set(capped.train) < set(whole.train)
    there, kept = (np.bincount(labels[split.train], minlength=6) for split in (whole, capped))
    assert (np.abs(kept - there * len(capped.train) / len(whole.train)) < 1).all()
    np.testing.assert_array_equal(capped.validation, whole.validation)
    np.testing.assert_array_equal(capped.test, whole.test)


@pytest.mark.parametrize(("name", "place"), [case for case in cases() if case.values[0] != "by_group"])
def test_validation_has_the_classes_shares(sets: Mapping[str, Dataset], name: str, place: str) -> None:
    labels, split = labels_of(sets[place]), parted(sets[place], name, place)
    rest, chosen = np.concatenate([split.train, split.validation]), split.validation
    exact = np.bincount(labels[rest], minlength=6) * len(chosen) / len(rest)
    assert (np.abs(np.bincount(labels[chosen], minlength=6) - exact) < 1).all()


@every_case
def test_a_larger_share_of_validation_is_larger(sets: Mapping[str, Dataset], name: str, place: str) -> None:
    small, large = (parted(sets[place], name, place, validation=share) for share in (0.1, 0.3))
    assert len(small.validation) < len(large.validation)
