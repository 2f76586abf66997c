import numpy as np
import pytest

from detaux.core.errors import DataError, NoAuxiliaryTaskError
from detaux.learn.tasks import Task, check_occurring


def test_takes_labels_and_the_mark_of_those_left_out() -> None:
    task = Task(name="hue", labels=np.array([-1, 0, 2]), num_classes=3)
    assert task.labels.tolist() == [-1, 0, 2]


@pytest.mark.parametrize(
    ("labels", "num_classes", "text"),
    [
        ([0, 3], 3, "span 0 to 3"),
        ([-2, 0], 3, "span -2 to 0"),
        ([0, 0], 1, "at least 2 classes, but has 1"),
        ([], 3, "no images"),
        ([[0, 1]], 3, r"\(1, 2\)"),
    ],
)
def test_refuses_labels_that_are_none(labels: list[int], num_classes: int, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Task(name="hue", labels=np.array(labels, dtype=np.int64), num_classes=num_classes)


def test_refuses_more_classes_than_images() -> None:
    with pytest.raises(DataError, match="4 classes for 3 images; take more images"):
        Task(name="hue", labels=np.arange(3), num_classes=4)


@pytest.mark.parametrize(("labels", "count"), [([2, 2, -1], 1), ([-1, -1, -1], 0)])
def test_a_task_of_which_one_class_occurs_is_none(labels: list[int], count: int) -> None:
    task = Task(name="hue", labels=np.array(labels), num_classes=3)
    with pytest.raises(
        NoAuxiliaryTaskError, match=rf"of the 3 classes .* {count} occur among the 3 labelled"
    ):
        check_occurring([task])


def test_two_classes_are_enough() -> None:
    check_occurring([Task(name="hue", labels=np.array([0, 2, 2]), num_classes=3)])
