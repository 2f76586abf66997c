from __future__ import annotations

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data.split import Split, labelled_subset


def split_of(train: list[int], validation: list[int], test: list[int]) -> Split:
    return Split(train=np.array(train, int), validation=np.array(validation, int), test=np.array(test, int))


def test_parts_come_by_name() -> None:
    split = split_of([0, 3], [1], [2])
    assert {name: index.tolist() for name, index in split.parts.items()} == {
        "train": [0, 3],
        "validation": [1],
        "test": [2],
    }


def test_an_empty_part_is_a_fault_of_the_data() -> None:
    with pytest.raises(DataError, match="train part of the split is empty; lower its option 'validation'"):
        split_of([], [0], [1])
    with pytest.raises(
        DataError, match="validation part of the split is empty; raise its option 'validation'"
    ):
        split_of([0], [], [1])
    with pytest.raises(DataError, match="test part of the split is empty; raise its option 'test'"):
        split_of([0], [1], [])


@pytest.mark.parametrize("train", [[3, 0], [0, 0]])
def test_an_unsorted_part_is_refused(train: list[int]) -> None:
    with pytest.raises(ValueError, match="train part of the split is not strictly ascending"):
        split_of(train, [1], [2])


def test_parts_that_share_an_image_are_refused() -> None:
    with pytest.raises(ValueError, match="share an image"):
        split_of([0, 1], [1], [2])


def test_the_hash_tells_parts_apart() -> None:
    splits = [
        split_of([0, 1], [2], [3]),
        split_of([0, 1], [3], [2]),
        split_of([0], [1, 2], [3]),
        split_of([0, 2], [1], [3]),
    ]
    assert len({split.hash for split in splits}) == 4
    assert split_of([0, 1], [2], [3]).hash == splits[0].hash


def test_a_labelled_subset_keeps_the_classes_shares() -> None:
    train, labels = np.arange(100, 200), np.repeat([0, 1, 2, 3], 50)
    positions = labelled_subset(train, labels, size=20, seed=1)
    assert np.bincount(labels[train[positions]]).tolist() == [0, 0, 10, 10]


def test_without_a_size_all_training_images_are_labelled() -> None:
    assert labelled_subset(np.array([5, 7]), np.zeros(8, int), size=None, seed=0).tolist() == [0, 1]


def test_more_labels_than_training_images_are_refused_by_the_options_name() -> None:
    with pytest.raises(DataError, match="train_size is 3, but there are only 2 images to train on; lower it"):
        labelled_subset(np.array([5, 7]), np.zeros(8, int), size=3, seed=0)
