from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError, UnknownNameError
from detaux.data import load_dataset


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("digits", {"image_size": "x"}, "image_size should be a valid integer, found 'x'"),
        ("digits", {"image_size": 16.5}, "image_size should be a valid integer, found 16.5"),
        ("digits", {"image_size": True}, "image_size should be a valid integer, found True"),
        ("shapes3d", {"levels": 5}, "levels should be a valid dictionary, found 5"),
        ("shapes3d", {"levels": {"shape": "x"}}, "levels.shape should be a valid integer, found 'x'"),
        ("shapes3d", {"origin": "mine"}, "origin should be 'auto', 'official' or 'rendered', found 'mine'"),
        ("folder", {}, "the data set 'folder' needs the option 'path'"),
        ("folder", {"path": None}, "path should be a valid string, found None"),
        ("folder", {"path": 3}, "path should be a valid string, found 3"),
        ("folder", {"image_size": "x"}, "needs the option 'path'; image_size should be a valid integer"),
        ("folder", {"path": "x", "image_size": 40_000}, "image_size must be at most 1024, found 40000"),
        ("mpi3d", {"image_size": 1025}, "image_size must be at most 1024, found 1025"),
    ],
)
def test_a_value_of_another_type_is_named(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load_dataset(name, **options)


def test_an_unknown_option_does_not_hide_other_faults() -> None:
    with pytest.raises(UnknownNameError, match=r"name 'sise' among .*needs the option 'path'; image_size sh"):
        load_dataset("folder", sise=3, image_size="x")


def test_paths_and_numbers_of_numpy_count_as_plain_ones(tmp_path: Path) -> None:
    assert load_dataset("digits", image_size=np.int64(9)).image_shape == (9, 9, 3)
    with pytest.raises(DataError, match="no folder and no archive"):
        load_dataset("folder", path=tmp_path / "nowhere")


@pytest.mark.parametrize("name", [None, 3, ["digits"]])
def test_a_name_that_is_no_string_is_told(name: Any) -> None:
    with pytest.raises(TypeError, match="name must be the name of a data set"):
        load_dataset(name)


@pytest.mark.parametrize("index", [[0], 3, (0, 1), np.array([0.5]), np.array([True]), np.array([[0, 1]])])
def test_an_index_that_is_no_array_of_integers_is_told(index: Any) -> None:
    digits = load_dataset("digits", image_size=8)
    for look_up in (digits.images, digits.factors):
        with pytest.raises(TypeError, match=r"index must be a numpy array of integers, shape \(B,\), found"):
            look_up(index)
