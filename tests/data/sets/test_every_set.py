"""What holds of every registered data set: a new one is tested here once it has a stand-in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data import FactorGrid, load_dataset
from detaux.data.dataset import Dataset
from detaux.data.registries import datasets
from tests.data.standins.every import Opened, makers_of

PARTS = ("train", "validation", "test")


def everything(dataset: Dataset) -> NDArray[np.int64]:
    return np.arange(len(dataset))


@pytest.mark.parametrize("name", datasets.names())
def test_it_has_a_stand_in(name: str) -> None:
    assert "make" in makers_of(name), f"write tests/data/standins/{name}.py"


def test_images_are_read_in_any_order_and_again(dataset: Dataset) -> None:
    index = np.random.default_rng(0).integers(0, len(dataset), 40)
    index[-1] = index[0]
    images = dataset.images(index)
    assert images.dtype == np.uint8
    assert images.shape == (40, *dataset.image_shape)
    assert images.shape[3] == 3
    assert images.flags.c_contiguous
    np.testing.assert_array_equal(images, dataset.images(everything(dataset))[index])
    np.testing.assert_array_equal(dataset.images(index[7:8])[0], images[7])
    assert dataset.images(index[:0]).shape == (0, *dataset.image_shape)


def test_images_are_the_callers_own(dataset: Dataset) -> None:
    for index in (everything(dataset), np.array([0]), np.array([0, 0])):
        before = dataset.images(index)
        kept = before.copy()
        before[0] ^= 255
        np.testing.assert_array_equal(before[1:], kept[1:])
        np.testing.assert_array_equal(dataset.images(index), kept)


def test_factors_are_the_callers_own(dataset: Dataset) -> None:
    before = dataset.factors(everything(dataset))
    kept = before.copy()
    before += 1
    np.testing.assert_array_equal(dataset.factors(everything(dataset)), kept)


def test_factors_lie_in_their_ranges(dataset: Dataset) -> None:
    factors = dataset.factors(everything(dataset))
    assert factors.dtype == np.int64
    assert factors.shape == (len(dataset), len(dataset.factor_names))
    assert factors.min() == 0
    assert (factors < dataset.factor_sizes).all()
    index = np.array([len(dataset) - 1, 0, 0])
    np.testing.assert_array_equal(dataset.factors(index), factors[index])
    assert dataset.factors(index[:0]).shape == (0, len(dataset.factor_names))


def test_names_go_with_factors(dataset: Dataset) -> None:
    assert len(set(dataset.factor_names)) == len(dataset.factor_names) == len(dataset.factor_sizes) > 0
    sizes = dict(zip(dataset.factor_names, dataset.factor_sizes, strict=True))
    assert {name: len(set(values)) for name, values in dataset.value_names.items()} == {
        name: sizes[name] for name in dataset.value_names
    }


def test_factors_name_an_image_on_grids_and_are_refused_elsewhere(dataset: Dataset) -> None:
    factors = dataset.factors(everything(dataset))
    if isinstance(dataset, FactorGrid):
        np.testing.assert_array_equal(dataset.index(factors), everything(dataset))
        with pytest.raises(ValueError, match="lies in 0 to"):
            dataset.index(np.array(dataset.factor_sizes))
    else:
        with pytest.raises(DataError, match="share their factors"):
            dataset.index(factors)


@pytest.mark.parametrize("read", ["images", "factors", "groups"])
def test_an_index_that_names_no_image_is_refused(dataset: Dataset, read: str) -> None:
    reader: Callable[[Any], object] = getattr(dataset, read)
    for outside in (len(dataset), -1):
        with pytest.raises(IndexError, match=f"but {outside} was asked for"):
            reader(np.array([0, outside]))
    for wrong in ([0], 0, np.array(0), np.array([[0]]), np.array([0.0]), np.array([True]), slice(2)):
        with pytest.raises(TypeError, match="must be a numpy array of integers"):
            reader(wrong)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.uint64])
def test_any_integers_are_an_index(dataset: Dataset, dtype: type[np.integer[Any]]) -> None:
    index = np.array([3, 0, len(dataset) - 1 if dtype != np.uint8 else 2])
    np.testing.assert_array_equal(dataset.images(index.astype(dtype)), dataset.images(index))
    np.testing.assert_array_equal(dataset.factors(index.astype(dtype)), dataset.factors(index))


def test_it_says_what_it_is(dataset: Dataset) -> None:
    assert len(dataset.fingerprint) == 64
    assert set(dataset.fingerprint) <= set("0123456789abcdef")
    assert all(text.strip() for text in (dataset.name, dataset.licence, dataset.source))
    assert dataset.rendered == dataset.name.endswith(":rendered") == ("rendered again" in dataset.source)


def test_it_has_the_licence_that_was_told_before_it_was_opened(opened: Opened) -> None:
    assert opened.dataset.licence == datasets.get(opened.name).licence


def test_opened_again_it_is_the_same(opened: Opened) -> None:
    first, again = opened.dataset, load_dataset(opened.name, **opened.options)
    assert (again.name, again.fingerprint) == (first.name, first.fingerprint)
    np.testing.assert_array_equal(again.images(everything(again)), first.images(everything(first)))
    np.testing.assert_array_equal(again.factors(everything(again)), first.factors(everything(first)))


def test_official_parts_are_sorted_and_share_no_image(dataset: Dataset) -> None:
    parts = dataset.official_parts
    assert list(parts) in ([], ["train", "test"], list(PARTS))
    for index in parts.values():
        assert index.dtype == np.int64
        assert (np.diff(index) > 0).all()
        assert len(index)
        dataset.check_index(index)
    assert sum(map(len, parts.values())) == len(set().union(*(index.tolist() for index in parts.values())))


def test_groups_are_of_factors_and_values_that_there_are(dataset: Dataset) -> None:
    sizes = dict(zip(dataset.factor_names, dataset.factor_sizes, strict=True))
    for name, values in dataset.group_factors.items():
        assert values
        assert set(values) <= set(range(sizes[name]))
    groups = dataset.groups(everything(dataset))
    assert groups.dtype == np.int64
    assert groups.shape == (len(dataset), len(dataset.group_factors))
    for column, (name, values) in zip(groups.T, dataset.group_factors.items(), strict=True):
        factor = dataset.factors(everything(dataset))[:, dataset.factor_names.index(name)]
        assert [value if value in values else -1 for value in factor.tolist()] == column.tolist()


def test_no_two_images_are_the_same(dataset: Dataset) -> None:
    images = dataset.images(everything(dataset))
    assert len({image.tobytes() for image in images}) == len(images) >= 30
