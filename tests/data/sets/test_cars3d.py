from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import FactorGrid, load_dataset
from detaux.data.official.file import Downloadable
from detaux.data.registries import datasets
from detaux.data.sets import cars3d


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the converted archive: image i is grey i % 256, a view of few bytes."""
    grey = (np.arange(17_568) % 256).astype(np.uint8)
    images = np.broadcast_to(grey[:, None, None, None], (17_568, 128, 128, 3))
    monkeypatch.setattr(cars3d, "open_official", lambda *_: images)


def load(**options: Any) -> FactorGrid:
    dataset = load_dataset("cars3d", **options)
    assert isinstance(dataset, FactorGrid)
    return dataset


@pytest.mark.usefixtures("stored")
def test_factors_are_those_of_the_official_archive() -> None:
    dataset = load()
    assert dataset.factor_names == ("elevation", "azimuth", "object")
    assert dataset.factor_sizes == (4, 24, 183)
    assert (len(dataset), dataset.name, dataset.rendered) == (17_568, "cars3d", False)
    assert dataset.official_parts == {}
    index = np.random.default_rng(0).integers(0, len(dataset), 100)
    np.testing.assert_array_equal(dataset.index(dataset.factors(index)), index)


@pytest.mark.usefixtures("stored")
def test_images_are_those_of_the_index() -> None:
    images = load().images(np.array([3, 17_567, 3]))
    assert images.shape == (3, 64, 64, 3)
    assert [np.unique(image).tolist() for image in images] == [[3], [17_567 % 256], [3]]
    part = load(levels={"azimuth": 4, "object": 2})
    assert part.levels[1:] == ((0, 6, 12, 18), (0, 182))
    assert part.images(np.array([3]))[0, 0, 0, 0] == (6 * 183 + 182) % 256


@pytest.mark.usefixtures("stored")
def test_the_fingerprint_goes_with_size_and_levels() -> None:
    variants = [load(), load(image_size=128), load(levels={"object": 2}), load(levels={"azimuth": 4})]
    assert len({dataset.fingerprint for dataset in variants}) == 4


@pytest.mark.usefixtures("empty_cache")
def test_a_missing_archive_is_named_with_the_remedy() -> None:
    with pytest.raises(DataError, match=r"no file .*nips2015-analogy-data\.tar\.gz; download http"):
        load()


def test_it_tells_the_file_it_needs() -> None:
    options = datasets.get("cars3d")()
    assert isinstance(options, Downloadable)
    assert [file.name for file in options.official_files()] == ["nips2015-analogy-data.tar.gz"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_size": 48}, "must divide 128, found 48"),
        ({"image_size": 0}, "must divide 128, found 0"),
        ({"levels": {"object": 184}}, "levels of object must lie in 1 to 183, found 184"),
        ({"levels": {"objects": 2}}, "did you mean 'object'"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(**options)
