from dataclasses import replace

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.learn.auxiliary.discovered import Discovered
from detaux.learn.auxiliary.factor import Factor
from detaux.learn.auxiliary.none import NoAuxiliary
from detaux.learn.auxiliary.random import Random
from detaux.learn.auxiliary.shuffled import Shuffled
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import AuxiliaryContext

NUM_IMAGES = 103
DRAWS = np.random.default_rng(5)
CONTEXT = AuxiliaryContext(
    factors=np.stack([DRAWS.integers(0, size, NUM_IMAGES) for size in (4, 6, 1)], axis=1),
    factor_names=("shape", "object_hue", "scale"),
    factor_sizes=(4, 6, 1),
    principal=("shape",),
    discovered=DRAWS.integers(-1, 5, NUM_IMAGES),
    num_discovered=5,
    seed=11,
)
OTHER_SEED = replace(CONTEXT, seed=12)
UNDISCOVERED = replace(CONTEXT, discovered=None, num_discovered=0)


def test_none_is_no_task() -> None:
    assert NoAuxiliary().task(CONTEXT) is None


def test_discovered_is_what_stage_two_found() -> None:
    task = Discovered().task(CONTEXT)
    assert task.num_classes == 5
    assert np.array_equal(task.labels, CONTEXT.discovered_labels())


def test_shuffled_is_another_permutation_of_the_same_labels() -> None:
    labels, other = Shuffled().task(CONTEXT).labels, Shuffled().task(OTHER_SEED).labels
    discovered = CONTEXT.discovered_labels()
    assert np.array_equal(np.sort(labels), np.sort(discovered))
    assert not np.array_equal(labels, discovered)
    assert not np.array_equal(labels, other)
    assert np.array_equal(labels, Shuffled().task(CONTEXT).labels)


def test_random_classes_are_as_equal_in_size_as_can_be() -> None:
    labels = Random(num_classes=4).task(CONTEXT).labels
    assert sorted(np.bincount(labels)) == [25, 26, 26, 26]


def test_random_depends_on_the_seed_alone() -> None:
    labels = Random().task(CONTEXT).labels
    assert np.array_equal(labels, Random().task(UNDISCOVERED).labels)
    assert not np.array_equal(labels, Random().task(OTHER_SEED).labels)
    assert not np.array_equal(labels, np.sort(labels))


def test_random_refuses_a_single_class() -> None:
    with pytest.raises(ValueError, match="but is 1"):
        Random(num_classes=1)


def test_factor_is_its_column_with_all_the_values_of_the_data_set() -> None:
    task = Factor(factor="object_hue").task(CONTEXT)
    assert (task.name, task.num_classes) == ("object_hue", 6)
    assert np.array_equal(task.labels, CONTEXT.factors[:, 1])


@pytest.mark.parametrize(
    ("factor", "text"),
    [
        ("object_hu", "did you mean 'object_hue'"),
        ("shape", "part of the principal task; choose one of: object_hue"),
        ("scale", "single value"),
    ],
)
def test_factor_refuses_what_is_no_auxiliary_task(factor: str, text: str) -> None:
    with pytest.raises(DataError, match=text):
        Factor(factor=factor).task(CONTEXT)


@pytest.mark.parametrize("part", [part.part for part in auxiliary if part.part.needs_discovery])
def test_parts_that_need_stage_two_say_so_when_it_was_not_run(part: type[Discovered | Shuffled]) -> None:
    with pytest.raises(ValueError, match="stage two"):
        part().task(UNDISCOVERED)
