from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data import FactorGrid, load_dataset
from detaux.data.official.dsprites import OFFICIAL
from detaux.data.official.file import Downloadable
from detaux.data.registries import datasets
from detaux.data.rendering.dsprites import ORIENTATIONS, SCALES, sprite
from detaux.data.sets import dsprites


def load(**options: Any) -> FactorGrid:
    dataset = load_dataset("dsprites", **{"origin": "rendered", **options})
    assert isinstance(dataset, FactorGrid)
    return dataset


def images_of(*factors: tuple[int, int, int, int, int]) -> NDArray[np.uint8]:
    dataset = load()
    return dataset.images(dataset.index(np.array(factors)))


def test_factors_are_those_of_the_official_set_but_color() -> None:
    dataset = load()
    assert dataset.factor_names == ("shape", "scale", "orientation", "posX", "posY")
    assert dataset.factor_sizes == (3, 6, 40, 32, 32)
    assert dataset.value_names == {"shape": ("square", "ellipse", "heart")}
    assert (len(dataset), dataset.name, dataset.rendered) == (737_280, "dsprites:rendered", True)
    index = np.random.default_rng(0).integers(0, len(dataset), 100)
    np.testing.assert_array_equal(dataset.index(dataset.factors(index)), index)
    assert dataset.factors(np.array([1, 32, 1024]))[:, 2:].tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]


def test_an_image_does_not_depend_on_its_batch() -> None:
    dataset = load()
    index = np.random.default_rng(0).integers(0, len(dataset), 70)
    images = dataset.images(index)
    assert images.shape == (70, 64, 64, 3)
    assert images.dtype == np.uint8
    assert images.flags.c_contiguous
    assert images.flags.writeable
    assert set(np.unique(images)) == {0, 255}
    for place in (0, 31, 69):
        np.testing.assert_array_equal(dataset.images(index[place : place + 1])[0], images[place])
    assert dataset.images(index[:0]).shape == (0, 64, 64, 3)


def test_the_area_grows_with_the_square_of_the_scale() -> None:
    for shape in ("square", "ellipse", "heart"):
        areas = [np.mean([sprite(shape, s, turn).sum() for turn in ORIENTATIONS]) for s in SCALES]
        np.testing.assert_allclose(areas / SCALES**2, areas[-1], rtol=0.04)


def test_the_square_of_scale_one_has_the_area_of_its_side() -> None:
    mean = np.mean([sprite("square", 1, turn).sum() for turn in np.linspace(0.01, 1.5, 50)])
    assert mean == pytest.approx(22.4**2, rel=0.01)


def test_the_mean_is_the_published_one() -> None:
    index = np.arange(0, 737_280, 1024)  # every sprite once
    assert load().images(index).mean() / 255 == pytest.approx(0.0425, abs=1e-4)


def test_the_centre_follows_the_position_a_pixel_a_step() -> None:
    rows = np.arange(32)
    images = images_of(*((0, 3, 7, 5, int(row)) for row in rows))[..., 0] > 0
    y, x = (images.sum(axis=axis) @ np.arange(64) / images.sum(axis=(1, 2)) for axis in (2, 1))
    np.testing.assert_allclose(y, 16 + rows)
    np.testing.assert_allclose(x, 16 + 5)
    np.testing.assert_array_equal(
        images_of((2, 5, 3, 9, 0))[:, :, 9:], images_of((2, 5, 3, 0, 0))[:, :, : 64 - 9]
    )


def test_no_sprite_touches_the_border() -> None:
    corners = [(s, 5, o, x, y) for s in range(3) for o in range(40) for x in (0, 31) for y in (0, 31)]
    images = images_of(*corners)
    inner = images[:, 1:-1, 1:-1]
    assert images.sum(dtype=int) == inner.sum(dtype=int)


@pytest.mark.parametrize(
    ("shape", "period"), [("square", np.pi / 2), ("ellipse", np.pi), ("heart", 2 * np.pi)]
)
def test_a_shape_turned_by_its_period_is_the_same(shape: str, period: float) -> None:
    for turn in (0.1, 0.7, 1.3):
        base = sprite(shape, 0.9, turn)
        np.testing.assert_array_equal(sprite(shape, 0.9, turn + period), base)
        assert (sprite(shape, 0.9, turn + period / 2) != base).any()


def test_shapes_lie_as_they_should() -> None:
    ellipse, heart = sprite("ellipse", 1, 0), sprite("heart", 1, 0)
    assert (ellipse.any(axis=0).sum(), ellipse.any(axis=1).sum()) == (23, 11)
    np.testing.assert_array_equal(heart, heart[:, ::-1])
    assert heart[:16].sum() > heart[17:].sum()  # the tip is below
    turned = sprite("ellipse", 1, np.pi / 4)
    assert turned[20:, 20:].any()
    assert not turned[20:, :12].any()


def test_a_whole_turn_is_no_turn() -> None:
    np.testing.assert_array_equal(images_of((2, 1, 0, 3, 4)), images_of((2, 1, 39, 3, 4)))
    assert load(levels={"orientation": 4}).levels[2] == (0, 10, 20, 30)


def test_smaller_images_are_area_means() -> None:
    index = np.random.default_rng(1).integers(0, 737_280, 20)
    means = load().images(index).reshape(20, 16, 4, 16, 4, 3).mean(axis=(2, 4))
    np.testing.assert_array_equal(load(image_size=16).images(index), np.rint(means))


def test_the_fingerprint_goes_with_size_and_levels() -> None:
    variants = [load(), load(image_size=32), load(levels={"shape": 2}), load(levels={"scale": 4})]
    assert len({dataset.fingerprint for dataset in variants}) == 4
    assert load(levels={"shape": 3}).fingerprint == variants[0].fingerprint


@pytest.mark.usefixtures("empty_cache")
def test_the_origin_is_rendered_where_no_official_file_is_at_hand() -> None:
    assert load(origin="auto").name == "dsprites:rendered"


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("options", [{"origin": "official"}, {"origin": "auto", "path": "nowhere.npz"}])
def test_a_missing_official_file_is_named_with_the_remedy(options: dict[str, str]) -> None:
    with pytest.raises(
        DataError, match=r"there is no file .*npz; download https.*, or set origin to 'rendered'"
    ):
        load(**options)


def test_official_images_lie_at_their_factors(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = np.arange(16, dtype=np.uint8).reshape(2, 2, 2, 2).repeat(32, axis=2).repeat(32, axis=3)
    images = np.broadcast_to(stored.reshape(4, 64, 64)[None], (2, 4, 64, 64)).reshape(8, 64, 64)
    monkeypatch.setattr(dsprites, "is_at_hand", lambda release: release is OFFICIAL)
    monkeypatch.setattr(
        dsprites, "open_official", lambda path, *_: images if path.parent == empty_cache else None
    )
    dataset = load(origin="auto")
    assert (dataset.name, dataset.rendered) == ("dsprites", False)
    assert dataset.images(np.array([6]))[0, ::32, ::32, 1].tolist() == [[8, 9], [10, 11]]
    assert dataset.fingerprint != load().fingerprint
    other = replace(OFFICIAL, file=replace(OFFICIAL.file, digest="0" * 32))
    before = dataset.fingerprint
    monkeypatch.setattr(dsprites, "OFFICIAL", other)
    monkeypatch.setattr(dsprites, "is_at_hand", lambda _: True)
    assert load(origin="auto").fingerprint != before


def test_it_tells_the_files_it_needs() -> None:
    part = datasets.get("dsprites")
    official = part(origin="official")
    assert isinstance(official, Downloadable)
    assert [file.name for file in official.official_files()] == [OFFICIAL.file.name]
    rendered = part(origin="rendered")
    assert isinstance(rendered, Downloadable)
    assert rendered.official_files() == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_size": 48}, "must divide 64, found 48"),
        ({"image_size": 0}, "must divide 64, found 0"),
        ({"levels": {"color": 1}}, "levels: .*'color'"),
        ({"levels": {"shape": 4}}, "levels of shape must lie in 1 to 3, found 4"),
        ({"origin": "web"}, "found 'web'"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(**options)
