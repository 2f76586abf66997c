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


def test_a_set_without_one_is_refused() -> None:
    with pytest.raises(DataError, match="digits comes without a test part; use the split 'random'"):
        OfficialSplit().split(load_dataset("digits"), np.zeros(1797, int), seed=0)
