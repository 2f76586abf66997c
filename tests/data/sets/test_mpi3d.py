from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import FactorGrid, load_dataset
from detaux.data.official.file import Downloadable
from detaux.data.official.mpi3d import RELEASES
from detaux.data.registries import datasets
from detaux.data.sets.mpi3d import FACTS
from tests.data.standins.mpi3d import SIMPLE, SIZES, publish


@pytest.fixture
def tiny(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder, with a small official file of toy and of complex."""
    empty_cache.mkdir()
    return publish(empty_cache, monkeypatch)


def load(**options: Any) -> FactorGrid:
    dataset = load_dataset("mpi3d", **options)
    assert isinstance(dataset, FactorGrid)
    return dataset


@pytest.mark.parametrize("version", ["toy", "realistic", "real"])
def test_factors_are_those_of_the_official_set(version: str) -> None:
    facts = FACTS[version]
    assert facts.factors == {
        "object_color": 6,
        "object_shape": 6,
        "object_size": 2,
        "camera_height": 3,
        "background_color": 3,
        "horizontal_axis": 40,
        "vertical_axis": 40,
    }
    assert facts.value_names["object_color"] == ("white", "green", "red", "blue", "brown", "olive")
    assert facts.value_names["object_shape"][3] == "hexagonal"


def test_the_complex_set_has_fewer_colours_and_other_shapes() -> None:
    facts = FACTS["complex"]
    assert tuple(facts.factors.values()) == (4, 4, 2, 3, 3, 40, 40)
    assert facts.value_names["object_color"] == ("yellow", "green", "olive", "red")
    assert facts.value_names["object_shape"] == ("coffee-cup", "tennis-ball", "croissant", "beer-cup")


def test_each_release_has_an_image_for_every_combination() -> None:
    for version, facts in FACTS.items():
        assert RELEASES[version].image_shape == (math.prod(facts.factors.values()), 64, 64, 3)


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("version", ["toy", "complex"])
def test_the_last_factor_varies_fastest(version: str) -> None:
    dataset = load(version=version)
    assert (dataset.name, dataset.rendered, dataset.licence) == (f"mpi3d:{version}", False, "CC-BY-4.0")
    assert dataset.factor_sizes == tuple(SIZES[version].values())
    factors = np.array([[0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 2, 2, 2, 3]])
    numbers = [int(np.ravel_multi_index(tuple(row), dataset.factor_sizes)) for row in factors]
    images = dataset.images(dataset.index(factors))
    assert images.shape == (3, 64, 64, 3)
    assert images[:, 0, 0].tolist() == [[number // 256, number % 256, 0] for number in numbers]


@pytest.mark.usefixtures("tiny")
def test_once_loaded_the_official_file_is_needed_no_longer(tiny: Path) -> None:
    index = np.arange(0, 400, 7)
    before = load()
    (tiny / "mpi3d_toy.npz").unlink()
    after = load()
    np.testing.assert_array_equal(before.images(index), after.images(index))
    assert before.fingerprint == after.fingerprint


def test_the_file_may_lie_elsewhere(tiny: Path, tmp_path: Path) -> None:
    place = (tiny / "mpi3d_toy.npz").rename(tmp_path / "elsewhere.npz")
    assert len(load(path=place)) == math.prod(SIMPLE.values())


@pytest.mark.usefixtures("tiny")
def test_smaller_images_are_area_means() -> None:
    index = np.arange(0, 400, 7)
    means = load().images(index).astype(float).reshape(-1, 16, 4, 16, 4, 3).mean(axis=(2, 4))
    np.testing.assert_array_equal(load(image_size=16).images(index), np.rint(means))


@pytest.mark.usefixtures("tiny")
def test_a_sub_grid_holds_the_images_of_the_full_grid() -> None:
    full, part = load(), load(levels={"camera_height": 2, "vertical_axis": 2})
    factors = part.factors(np.arange(len(part)))
    images = part.images(np.arange(len(part)))
    factors[:, 3] *= 2
    factors[:, 6] *= 3
    np.testing.assert_array_equal(images, full.images(full.index(factors)))


@pytest.mark.usefixtures("tiny")
def test_the_fingerprint_goes_with_version_content_size_and_levels(tiny: Path) -> None:
    variants: list[dict[str, Any]] = [
        {},
        {"version": "complex"},
        {"image_size": 32},
        {"levels": {"object_size": 1}},
    ]
    prints = [load(**options).fingerprint for options in variants]
    for entry in (tiny / "mpi3d-official").glob("*/manifest.json"):
        entry.unlink()
    np.savez(tiny / "mpi3d_toy.npz", images=np.zeros(RELEASES["toy"].image_shape, dtype=np.uint8))
    assert len({*prints, load().fingerprint}) == 5


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize(
    ("version", "told"),
    [
        (
            "toy",
            r"cache/mpi3d_toy\.npz; download https://storage.*mpi3d_toy\.npz there \(md5 55889cb7.*'rendered'",
        ),
        ("realistic", r"mpi3d_realistic\.npz there \(md5 59a6225b"),
        ("real", r"mpi3d_real\.npz there \(md5 0f33f609"),
        ("complex", r"cache/real3d_complicated_shapes_ordered\.npz; download https://drive.*not published"),
    ],
)
def test_a_missing_file_is_named_with_the_remedy(version: str, told: str) -> None:
    with pytest.raises(DataError, match=rf"there is no file .*{told}"):
        load(version=version, origin="official")


@pytest.mark.usefixtures("empty_cache")
def test_toy_is_rendered_where_no_official_file_is_at_hand() -> None:
    dataset = load()
    assert dataset.name == "mpi3d:toy:rendered"
    assert dataset.rendered
    assert "not the original images" in dataset.source
    assert len(dataset) == 1_036_800


def test_the_official_file_is_read_where_it_is_at_hand(tiny: Path) -> None:
    assert load().name == "mpi3d:toy"
    (tiny / "mpi3d_toy.npz").unlink()
    assert load().name == "mpi3d:toy"


def test_it_tells_its_official_file() -> None:
    part = datasets.get("mpi3d")(version="real")
    assert isinstance(part, Downloadable)
    assert [file.name for file in part.official_files()] == ["mpi3d_real.npz"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_size": 48}, "must divide 64, found 48"),
        ({"image_size": 0}, "must divide 64, found 0"),
        ({"levels": {"shape": 2}}, "did you mean 'object_shape'"),
        ({"version": "complex", "levels": {"object_color": 5}}, "object_color must lie in 1 to 4, found 5"),
        ({"version": "realist"}, "realist"),
        ({"version": "real", "origin": "rendered"}, "for version 'toy' only, found 'real'"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(**options)


def test_an_unknown_version_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"one of toy, realistic, real, complex, found 'fake'"):
        datasets.get("mpi3d")(version="fake")
