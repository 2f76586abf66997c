from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data import FactorGrid, load_dataset
from detaux.data.official.file import Downloadable
from detaux.data.official.small_norb_pixels import AreaPixels, shares
from detaux.data.pixel_grid import StoredPixels
from detaux.data.registries import datasets
from detaux.data.sets import small_norb

NOISE = np.random.default_rng(0).integers(0, 256, (20, 96, 96), dtype=np.uint8)


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> NDArray[np.uint8]:
    """Stand in for the converted files: image i is grey i % 256, a view of few bytes."""
    grey = (np.arange(48_600) % 256).astype(np.uint8)
    images = np.broadcast_to(grey[:, None, None], (48_600, 96, 96))
    monkeypatch.setattr(small_norb, "open_official", lambda *_, **__: images)
    return images


def load(**options: Any) -> FactorGrid:
    dataset = load_dataset("small_norb", **options)
    assert isinstance(dataset, FactorGrid)
    return dataset


@pytest.mark.usefixtures("stored")
def test_factors_are_those_of_the_official_files() -> None:
    dataset = load()
    assert dataset.factor_names == ("category", "instance", "elevation", "azimuth", "lighting")
    assert dataset.factor_sizes == (5, 10, 9, 18, 6)
    assert dataset.value_names == {"category": ("animal", "human", "plane", "truck", "car")}
    assert (len(dataset), dataset.name, dataset.rendered) == (48_600, "small_norb", False)
    index = np.random.default_rng(0).integers(0, len(dataset), 100)
    np.testing.assert_array_equal(dataset.index(dataset.factors(index)), index)


@pytest.mark.usefixtures("stored")
def test_images_are_those_of_the_index() -> None:
    images = load().images(np.array([3, 48_599, 3]))
    assert images.shape == (3, 64, 64, 3)
    assert images.flags.c_contiguous
    assert [np.unique(image).tolist() for image in images] == [[3], [48_599 % 256], [3]]


@pytest.mark.usefixtures("stored")
def test_the_official_parts_are_told_by_instance() -> None:
    dataset = load()
    train, test = dataset.official_parts["train"], dataset.official_parts["test"]
    assert set(dataset.factors(train)[:, 1]) == {4, 6, 7, 8, 9}
    assert set(dataset.factors(test)[:, 1]) == {0, 1, 2, 3, 5}
    np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(48_600))


@pytest.mark.usefixtures("stored")
def test_the_parts_of_a_sub_grid_are_its_own() -> None:
    dataset = load(levels={"instance": 3, "azimuth": 6, "category": 1})
    assert dataset.levels[1] == (0, 4, 9)
    assert dataset.levels[3] == (0, 3, 6, 9, 12, 15)
    assert set(dataset.factors(dataset.official_parts["train"])[:, 1]) == {1, 2}
    assert set(dataset.factors(dataset.official_parts["test"])[:, 1]) == {0}
    assert load(levels={"instance": 1}).official_parts == {}


@pytest.mark.usefixtures("stored")
def test_the_fingerprint_goes_with_size_and_levels() -> None:
    variants = [load(), load(image_size=96), load(levels={"category": 2}), load(levels={"lighting": 4})]
    assert len({dataset.fingerprint for dataset in variants}) == 4


def test_sizes_that_divide_are_plain_area_means() -> None:
    index = np.array([3, 19, 3])
    for size in (96, 48, 32):
        expected = StoredPixels(NOISE, size)(index).astype(int)
        assert np.abs(AreaPixels(NOISE, size)(index) - expected).max() <= (size < 96)
    assert AreaPixels(NOISE, 96)(index).flags.writeable


def test_64_pixels_take_one_and_a_half_each() -> None:
    np.testing.assert_allclose(shares(96, 64)[:2, :4], np.array([[2, 1, 0, 0], [0, 1, 2, 0]]) / 3, rtol=1e-6)
    np.testing.assert_allclose(shares(96, 64).sum(axis=1), 1, rtol=1e-6)
    means = NOISE.repeat(2, axis=1).repeat(2, axis=2).reshape(20, 64, 3, 64, 3).mean(axis=(2, 4))
    assert np.abs(AreaPixels(NOISE, 64)(np.arange(20))[..., 2] - means).max() <= 0.501


def test_missing_files_are_named_with_the_remedy(empty_cache: Path) -> None:
    with pytest.raises(
        DataError, match=rf"no file {empty_cache}/smallnorb.*gz; download https://cs\.nyu\.edu"
    ):
        load()


def test_it_tells_the_files_it_needs() -> None:
    options = datasets.get("small_norb")()
    assert isinstance(options, Downloadable)
    files = options.official_files()
    assert len({file.name for file in files}) == 6
    assert all(len(file.digest or "") == 64 and file.size for file in files)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_size": 97}, "must lie in 1 to 96, found 97"),
        ({"image_size": 0}, "must lie in 1 to 96, found 0"),
        ({"levels": {"category": 6}}, "levels of category must lie in 1 to 5, found 6"),
        ({"levels": {"categories": 2}}, "did you mean 'category'"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(**options)
