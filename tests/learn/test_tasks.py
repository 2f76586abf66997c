import numpy as np
import pytest

from detaux.learn.tasks import Task


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
