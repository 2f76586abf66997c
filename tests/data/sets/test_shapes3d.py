from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import FactorGrid, load_dataset
from detaux.data.cache import entry_folder
from detaux.data.rendering.prepare import rendered_maps
from detaux.data.rendering.scene import RENDERER_VERSION, SHAPES

REFERENCE = Path(__file__).parents[4] / "shared" / "data" / "shapes3d_reference"


def load(**options: Any) -> FactorGrid:
    dataset = load_dataset("shapes3d", **{"origin": "rendered", **options})
    assert isinstance(dataset, FactorGrid)
    return dataset


def test_factors_are_those_of_the_official_set() -> None:
    dataset = load()
    assert dataset.factor_names == ("floor_hue", "wall_hue", "object_hue", "scale", "shape", "orientation")
    assert dataset.factor_sizes == (10, 10, 10, 8, 4, 15)
    assert dataset.value_names == {"shape": ("cube", "cylinder", "sphere", "capsule")}
    assert len(dataset) == 480_000
    assert dataset.index(np.array([[1, 0, 0, 0, 0, 0], [0, 0, 1, 2, 3, 4]])).tolist() == [
        48_000,
        480 + 2 * 60 + 3 * 15 + 4,
    ]
    assert (dataset.name, dataset.rendered, dataset.licence) == ("shapes3d:rendered", True, "Apache-2.0")


@pytest.mark.usefixtures("cache")
@pytest.mark.skipif(not REFERENCE.exists(), reason="the official images for reference are not at hand")
def test_rendered_images_are_near_the_official_ones() -> None:
    with (REFERENCE / "tiles.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    factors = np.array(
        [
            [
                *(round(10 * float(row[hue])) for hue in ("floor_hue", "wall_hue", "object_hue")),
                round((float(row["scale"]) - 0.75) * 14),
                SHAPES.index(row["shape"]),
                round((float(row["orientation_deg"]) + 30) * 14 / 60),
            ]
            for row in rows
        ]
    )
    dataset = load()
    errors = np.abs(dataset.images(dataset.index(factors)).astype(float) - np.load(REFERENCE / "tiles.npy"))
    assert errors.mean() <= 4
    assert errors.mean(axis=(1, 2, 3)).max() <= 6


@pytest.mark.usefixtures("cache")
def test_an_image_does_not_depend_on_its_batch() -> None:
    dataset = load()
    index = np.random.default_rng(0).integers(0, len(dataset), 70)
    images = dataset.images(index)
    assert images.shape == (70, 64, 64, 3)
    assert images.flags.c_contiguous
    assert images.flags.writeable
    for place in (0, 31, 32, 69):
        np.testing.assert_array_equal(dataset.images(index[place : place + 1])[0], images[place])
    assert dataset.images(index[:0]).shape == (0, 64, 64, 3)


@pytest.mark.usefixtures("cache")
def test_each_factor_changes_what_it_should() -> None:
    dataset = load()
    base = np.array([0, 3, 6, 4, 0, 7])
    image = dataset.images(dataset.index(base[None]))[0].astype(int)
    for column, rows in ((0, slice(56, 64)), (1, slice(20, 30)), (2, slice(36, 48))):
        other = base.copy()
        other[column] += 1
        changed = (dataset.images(dataset.index(other[None]))[0] != image).any(axis=-1)
        assert changed[rows].any()
        assert not changed[:10].any()  # the sky


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("size", [32, 16])
def test_smaller_images_are_area_means(size: int) -> None:
    index = np.random.default_rng(1).integers(0, 480_000, 40)
    large = load().images(index).astype(float)
    means = large.reshape(40, size, 64 // size, size, 64 // size, 3).mean(axis=(2, 4))
    assert np.abs(load(image_size=size).images(index) - means).max() <= 2.5


@pytest.mark.usefixtures("cache")
def test_a_sub_grid_holds_the_images_of_the_full_grid() -> None:
    full, part = load(image_size=16), load(image_size=16, levels={"floor_hue": 5, "scale": 3, "shape": 1})
    assert part.factor_sizes == (5, 10, 10, 3, 1, 15)
    assert part.value_names == {"shape": ("cube",)}
    index = np.random.default_rng(2).integers(0, len(part), 50)
    factors = part.factors(index)
    factors[:, 0] = np.array([0, 2, 4, 6, 8])[factors[:, 0]]
    factors[:, 3] = np.array([0, 4, 7])[factors[:, 3]]
    np.testing.assert_array_equal(part.images(index), full.images(full.index(factors)))


def test_the_fingerprint_goes_with_size_and_levels() -> None:
    variants = [load(), load(image_size=32), load(levels={"shape": 2}), load(levels={"scale": 4})]
    assert len({dataset.fingerprint for dataset in variants}) == 4
    assert load(levels={"shape": 4}).fingerprint == variants[0].fingerprint


@pytest.mark.usefixtures("cache")
def test_damaged_maps_are_made_again() -> None:
    index = np.arange(5)
    before = load(image_size=16).images(index)
    array = (
        entry_folder("shapes3d-rendered", {"renderer_version": RENDERER_VERSION, "image_size": 16})
        / "array.npy"
    )
    content = bytearray(array.read_bytes())
    content[-100] ^= 8
    array.write_bytes(content)
    told: list[float] = []
    rendered_maps(16, lambda share, _: told.append(share))
    assert len(told) == 480
    np.testing.assert_array_equal(load(image_size=16).images(index), before)


def test_memory_grows_by_less_than_100_megabytes(cache: Path) -> None:
    program = """
import resource, sys
import numpy as np
from detaux.data import load_dataset

dataset = load_dataset("shapes3d", origin="rendered")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
generator = np.random.default_rng(0)
for _ in range(40):
    dataset.images(generator.integers(0, 480_000, 256))
grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
sys.exit(f"grew by {grown_kib} KiB" if grown_kib > 100_000 else 0)
"""
    environment = {**os.environ, "DETAUX_CACHE": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.usefixtures("empty_cache")
def test_the_origin_is_rendered_where_no_official_file_is_at_hand() -> None:
    assert load(origin="auto").name == "shapes3d:rendered"


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("options", [{"origin": "official"}, {"origin": "auto", "path": "nowhere.h5"}])
def test_a_missing_official_file_is_named_with_the_remedy(options: dict[str, str]) -> None:
    with pytest.raises(DataError, match=r"there is no file .*h5; download https.*origin to 'rendered'"):
        load(**options)


def test_a_damaged_official_file_in_the_cache_folder_is_not_passed_over(empty_cache: Path) -> None:
    empty_cache.mkdir()
    (empty_cache / "3dshapes.h5").write_bytes(b"cut short")
    with pytest.raises(DataError, match=r"3dshapes\.h5 has 9 bytes, where 267,573,662 are"):
        load(origin="auto")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_size": 48}, "must divide 64, found 48"),
        ({"image_size": 0}, "must divide 64, found 0"),
        ({"levels": {"floor": 2}}, "did you mean 'floor_hue'"),
        ({"levels": {"shape": 5}}, "levels of shape must lie in 1 to 4, found 5"),
        ({"origin": "web"}, "found 'web'"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(**options)
