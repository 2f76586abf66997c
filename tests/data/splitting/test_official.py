from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.principal import principal_labels
from detaux.data.splitting.official import OfficialSplit


@pytest.mark.usefixtures("empty_cache")
def test_the_test_part_is_the_official_one(image_folder: Path) -> None:
    dataset = load_dataset("folder", path=str(image_folder), image_size=4)
    labels, _ = principal_labels(dataset, ["class"])
    split = OfficialSplit(validation=0.2, train_size=10).split(dataset, labels, seed=0)
    assert split.test.tolist() == list(range(50, 60))
    assert np.bincount(labels[split.validation]).tolist() == [4, 6]
    assert np.bincount(labels[split.train]).tolist() == [4, 6]


def test_an_official_validation_part_is_kept_unless_a_share_is_asked_for() -> None:
    dataset = load_dataset("digits")
    labels, _ = principal_labels(dataset, ["class"])
    parts = {"train": np.arange(1000), "validation": np.arange(1000, 1200), "test": np.arange(1200, 1797)}
    dataset.official_parts = parts
    split = OfficialSplit().split(dataset, labels, seed=0)
    assert {name: index.tolist() for name, index in split.parts.items()} == {
        name: index.tolist() for name, index in parts.items()
    }
    assert len(OfficialSplit(train_size=30).split(dataset, labels, seed=0).train) == 30
    parted = OfficialSplit(validation=0.2).split(dataset, labels, seed=0)
    assert (len(parted.train), len(parted.validation)) == (800, 200)
    assert np.array_equal(np.union1d(parted.train, parted.validation), parts["train"])


def test_without_one_a_tenth_of_the_training_part_chooses() -> None:
    dataset = load_dataset("digits")
    labels, _ = principal_labels(dataset, ["class"])
    dataset.official_parts = {"train": np.arange(1000), "test": np.arange(1000, 1797)}
    default = OfficialSplit().split(dataset, labels, seed=0)
    written = OfficialSplit(validation=0.1).split(dataset, labels, seed=0)
    assert default.hash == written.hash
    assert len(default.validation) == 100


def test_a_set_without_one_is_refused() -> None:
    with pytest.raises(DataError, match="digits comes without a test part; use the split 'random'"):
        OfficialSplit().split(load_dataset("digits"), np.zeros(1797, int), seed=0)
