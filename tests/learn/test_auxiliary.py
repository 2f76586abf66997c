from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.learn.auxiliary.coarse_class import CoarseClass
from detaux.learn.auxiliary.discovered import Discovered
from detaux.learn.auxiliary.factor import Factor
from detaux.learn.auxiliary.features import FeatureClusters
from detaux.learn.auxiliary.none import NoAuxiliary
from detaux.learn.auxiliary.pixels import PixelClusters
from detaux.learn.auxiliary.principal import PrincipalSubspace
from detaux.learn.auxiliary.random import Random
from detaux.learn.auxiliary.shuffled import Shuffled
from detaux.learn.auxiliary.worst import Worst
from detaux.learn.context import AuxiliaryContext
from detaux.learn.labels.discovery import Discovery
from detaux.learn.registries import Auxiliary
from detaux.learn.tasks import Task

NUM_IMAGES = 103
DRAWS = np.random.default_rng(5)
SHAPES = DRAWS.integers(0, 4, NUM_IMAGES)
HUES = DRAWS.integers(0, 6, NUM_IMAGES)
FOUND = np.stack([DRAWS.integers(-1, 5, NUM_IMAGES), HUES, DRAWS.integers(0, 2, NUM_IMAGES)], axis=1)
CONTEXT = AuxiliaryContext(
    factors=np.stack([SHAPES, HUES, SHAPES // 2, np.zeros_like(SHAPES)], axis=1),
    factor_names=("shape", "object_hue", "roundness", "scale"),
    factor_sizes=(4, 6, 2, 1),
    principal=("shape",),
    labels=SHAPES,
    num_classes=4,
    discovered=FOUND,
    num_discovered=(5, 6, 2),
    seed=11,
)
OTHER_SEED = replace(CONTEXT, seed=12)
UNDISCOVERED = replace(CONTEXT, discovered=None, num_discovered=())
TAKEN_AS_FOUND: dict[str, Auxiliary] = {
    "discovered": Discovered(),
    "worst": Worst(),
    "principal_subspace": PrincipalSubspace(),
    "pixels": PixelClusters(),
    "features": FeatureClusters(),
}


def labels_of(source: Auxiliary, context: AuxiliaryContext = CONTEXT) -> NDArray[np.int64]:
    """Return the labels of all tasks of a source, a column a task (N, A)."""
    tasks: list[Any] = list(source.tasks(context))
    return np.stack([task.labels for task in tasks], axis=1)


def information(ours: NDArray[np.int64], theirs: NDArray[np.int64]) -> float:
    from sklearn.metrics import adjusted_mutual_info_score

    return float(adjusted_mutual_info_score(ours, theirs))


def test_none_is_no_task() -> None:
    assert NoAuxiliary().tasks(CONTEXT) == ()
    assert NoAuxiliary().discovery is None


@pytest.mark.parametrize("name", TAKEN_AS_FOUND)
def test_what_stage_two_found_is_taken_as_it_is(name: str) -> None:
    tasks = TAKEN_AS_FOUND[name].tasks(CONTEXT)
    assert [task.name for task in tasks] == [name, f"{name}_2", f"{name}_3"]
    assert [task.num_classes for task in tasks] == [5, 6, 2]
    assert np.array_equal(labels_of(TAKEN_AS_FOUND[name]), FOUND)


@pytest.mark.parametrize(
    ("source", "discovery"),
    [
        (Discovered(), Discovery()),
        (Discovered(num_tasks=3), Discovery(changes={"tasks": 3})),
        (Shuffled(), Discovery()),
        (Shuffled(num_tasks=2), Discovery(changes={"tasks": 2})),
        (Random(), Discovery()),
        (Random(num_tasks=2), Discovery(changes={"tasks": 2})),
        (Random(num_classes=10), None),
        (Worst(), Discovery(changes={"subspace": {"name": "worst"}})),
        (PrincipalSubspace(), Discovery(changes={"subspace": {"name": "principal"}, "tasks": 1})),
        (
            PixelClusters(side=8),
            Discovery(
                method={"name": "pixels", "side": 8}, changes={"subspace": {"name": "whole"}, "tasks": 1}
            ),
        ),
        (
            FeatureClusters(),
            Discovery(
                method={"name": "supervised", "strength": 1},
                changes={"subspace": {"name": "whole"}, "tasks": 1},
            ),
        ),
        (Factor(factor="object_hue"), None),
        (CoarseClass(labelling="roundness"), None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_source_says_what_it_wants_of_stages_one_and_two(
    source: Auxiliary, discovery: Discovery | None
) -> None:
    assert source.discovery == discovery


def test_shuffled_is_another_permutation_of_the_same_images() -> None:
    labels, other = labels_of(Shuffled()), labels_of(Shuffled(), OTHER_SEED)
    assert sorted(map(tuple, labels)) == sorted(map(tuple, FOUND))
    assert not np.array_equal(labels, FOUND)
    assert not np.array_equal(labels, other)
    assert np.array_equal(labels, labels_of(Shuffled()))


def test_random_keeps_class_sizes_and_the_images_left_out() -> None:
    labels = labels_of(Random())
    for dealt, found in zip(labels.T, FOUND.T, strict=True):
        assert np.array_equal(np.sort(dealt), np.sort(found))
        assert np.array_equal(dealt == -1, found == -1)
        assert not np.array_equal(dealt, found)
    assert [task.num_classes for task in Random().tasks(CONTEXT)] == [5, 6, 2]


def test_random_deals_each_task_by_itself_and_otherwise_than_shuffled() -> None:
    doubled = replace(CONTEXT, discovered=FOUND[:, [1, 1]], num_discovered=(6, 6))
    first, second = labels_of(Random(), doubled).T
    assert not np.array_equal(first, second)
    assert np.array_equal(*labels_of(Shuffled(), doubled).T)
    assert not np.array_equal(first, labels_of(Shuffled(), doubled)[:, 0])


@pytest.mark.parametrize("source", [Random(), Random(num_classes=6), Shuffled()], ids=repr)
def test_controls_say_nothing_of_the_images(source: Auxiliary) -> None:
    hues = np.random.default_rng(0).integers(0, 6, 5_000)
    many = replace(
        CONTEXT,
        factors=hues[:, None],
        labels=hues % 2,
        discovered=hues[:, None],
        num_discovered=(6,),
    )
    (labels,) = labels_of(source, many).T
    assert abs(information(labels, hues)) < 0.01
    assert information(labels_of(Discovered(), many)[:, 0], hues) == pytest.approx(1)


def test_random_classes_of_a_given_number_are_as_equal_in_size_as_can_be() -> None:
    labels = labels_of(Random(num_classes=4, num_tasks=2), UNDISCOVERED)
    assert [sorted(np.bincount(column)) for column in labels.T] == [[25, 26, 26, 26]] * 2
    assert not np.array_equal(*labels.T)


@pytest.mark.parametrize("source", [Random(), Random(num_classes=10)], ids=repr)
def test_random_depends_on_the_seed(source: Random) -> None:
    labels = labels_of(source)
    assert np.array_equal(labels, labels_of(source))
    assert not np.array_equal(labels, labels_of(source, OTHER_SEED))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"num_classes": 1}, "num_classes must be at least 2, but is 1"),
        ({"num_tasks": 0}, "num_tasks must be at"),
    ],
)
def test_random_refuses_what_is_no_task(options: dict[str, int], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Random(**options)


def test_factor_is_its_column_with_all_the_values_of_the_data_set() -> None:
    (task,) = Factor(factor="object_hue").tasks(CONTEXT)
    assert (task.name, task.num_classes) == ("object_hue", 6)
    assert np.array_equal(task.labels, HUES)


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
        Factor(factor=factor).tasks(CONTEXT)


def test_class_is_a_labelling_that_joins_principal_classes() -> None:
    (task,) = CoarseClass(labelling="roundness").tasks(CONTEXT)
    assert isinstance(task, Task)
    assert (task.name, task.num_classes) == ("roundness", 2)
    assert np.array_equal(task.labels, SHAPES // 2)


def test_a_factor_that_is_part_of_a_composite_class_is_coarser() -> None:
    composite = replace(CONTEXT, principal=("shape", "object_hue"), labels=SHAPES * 6 + HUES, num_classes=24)
    assert np.array_equal(labels_of(CoarseClass(labelling="shape"), composite)[:, 0], SHAPES)


@pytest.mark.parametrize(
    ("labelling", "text"),
    [
        ("object_hue", "images of class 0 have several values of it; write factor:object_hue"),
        ("roundnes", "did you mean 'roundness'"),
        ("shape", "the principal task itself"),
        ("scale", "single value"),
    ],
)
def test_class_refuses_what_is_no_coarser_labelling(labelling: str, text: str) -> None:
    with pytest.raises(DataError, match=text):
        CoarseClass(labelling=labelling).tasks(CONTEXT)


@pytest.mark.parametrize("source", [*TAKEN_AS_FOUND.values(), Shuffled(), Random()], ids=repr)
def test_sources_that_need_stage_two_say_so_when_it_was_not_run(source: Auxiliary) -> None:
    with pytest.raises(ValueError, match="stage two"):
        source.tasks(UNDISCOVERED)
