from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.progress import silent
from detaux.data.pixel_grid import area_means
from detaux.data.rendering.mpi3d import prepare, scene, sprites
from detaux.data.rendering.mpi3d.arm import pose
from detaux.data.rendering.mpi3d.backdrop import backdrops, ring
from detaux.data.rendering.mpi3d.camera import project
from detaux.data.rendering.mpi3d.compose import Composer, RenderedMpi3d
from detaux.data.rendering.mpi3d.solids import solid

REFERENCE = Path(__file__).parents[4] / "shared" / "data" / "mpi3d_reference"
TOY1, TOY2 = (3, 4, 1, 1, 1, 22, 21), (2, 2, 0, 0, 0, 39, 27)
"""The factors from which the reference frames start: a large blue pyramid, a small red cylinder."""
RING_ROWS = {
    0: {1: (17, 23), 20: (10, 14), 44: (11, 15), 62: (18, 25)},
    1: {1: (24, 30), 20: (18, 22), 44: (18, 21), 62: (24, 28)},
    2: {1: (34, 36), 20: (29, 31), 44: (30, 32), 62: (35, 38)},
}
"""Measured first and last rows, by camera and column."""
Image = NDArray[np.integer]


class DrawnAtOnce:
    """Sprites of any geometry without the cache, in the array's place."""

    def __getitem__(self, numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
        return np.stack([self._draw(int(number)) for number in numbers])

    def _draw(self, number: int) -> NDArray[np.uint8]:
        kind, view = divmod(number, prepare.VIEWS)
        camera, axes = divmod(view, prepare.POSES)
        return list(prepare._sprites(pose(*divmod(axes, scene.AXIS_STEPS)), camera))[kind]


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(cast("Any", DrawnAtOnce()))


def draw(composer: Composer, *factors: tuple[int, ...]) -> NDArray[np.int64]:
    index = np.ravel_multi_index(tuple(np.array(factors).T), scene.FACTOR_SIZES)
    return composer.images(index).astype(np.int64)


def cycled(start: int, levels: int) -> NDArray[np.int64]:
    """Levels of 20 frames, up from `start` and reflected at the ends, as the reference's authors made them."""
    steps = np.ceil(start + np.arange(20) * 2 * levels / 20).astype(np.int64)
    steps -= np.maximum(0, 2 * steps - 2 * levels + 1)
    return np.asarray(steps + np.maximum(0, -2 * steps - 1))


def row_of(start: tuple[int, ...], factor: int) -> list[tuple[int, ...]]:
    levels = cycled(start[factor], scene.FACTOR_SIZES[factor])
    return [(*start[:factor], int(level), *start[factor + 1 :]) for level in levels]


def object_mask(image: Image, colour: int) -> NDArray[np.bool_]:
    """Tell where red or blue shows, or an object's black underside."""
    red, green, blue = np.moveaxis(image, -1, 0)
    is_red, is_blue = (red > green + 40) & (red > blue + 40), (blue > red + 25) & (blue > green + 18)
    shown = is_red if colour == 2 else is_blue
    return np.asarray(shown | (image.max(axis=-1) < 34))


def box(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    rows, columns = np.nonzero(mask)
    return np.array((rows.min(), rows.max(), columns.min(), columns.max()))


def centre(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.array([place.mean() for place in np.nonzero(mask)])


@pytest.mark.parametrize("camera", [0, 1, 2])
@pytest.mark.parametrize("ground", [0, 1, 2])
def test_ground_and_ring_have_their_colours_and_rows(camera: int, ground: int) -> None:
    image = backdrops()[camera, ground].astype(int)
    assert image[60, 5].tolist() == [52, 52, 52]
    assert np.median(image[ring(camera) == 1], axis=0).tolist() == list(scene.RING_RGB[ground])
    for column, (first, last) in RING_ROWS[camera].items():
        rows = np.nonzero(np.abs(image[:, column] - 52).max(axis=-1) > 8)[0]
        assert abs(rows[0] - first) <= 2
        assert abs(rows[-1] - last) <= 2


@pytest.mark.parametrize("colour", range(6))
def test_the_upright_pyramid_has_the_measured_colours(composer: Composer, colour: int) -> None:
    image = draw(composer, (colour, *TOY1[1:]))[0]
    mask = object_mask(draw(composer, TOY1)[0], 3)
    assert np.abs(np.median(image[mask], axis=0) - scene.OBJECT_RGB[colour]).max() <= 10


def test_small_objects_have_about_half_the_area(composer: Composer) -> None:
    small, large = (object_mask(draw(composer, (3, 4, size, *TOY1[3:]))[0], 3).sum() for size in (0, 1))
    assert 0.4 < small / large < 0.6


def test_a_colour_leaves_the_silhouette_and_a_ring_leaves_the_object(composer: Composer) -> None:
    blue, red, other_ring = draw(composer, TOY1, (2, *TOY1[1:]), (*TOY1[:4], 2, *TOY1[5:]))
    at = pose(*TOY1[5:])
    row, column = sprites.corner(at, 1)
    cover = np.zeros((64, 64))
    shares, _ = sprites.sprite(solid(4, 1), at, 1)
    cover[row : row + sprites.SIZE, column : column + sprites.SIZE] = 1 - shares
    np.testing.assert_array_equal((red != blue).any(axis=-1), cover > 0)
    changed = (other_ring != blue).any(axis=-1)
    assert changed.any()
    assert not changed[ring(1) == 0].any()


@pytest.mark.parametrize("factor", [1, 2, 5, 6])
def test_object_and_axes_leave_ground_and_foot(composer: Composer, factor: int) -> None:
    one, other = draw(composer, TOY1, (*TOY1[:factor], TOY1[factor] // 2, *TOY1[factor + 1 :]))
    changed = (one != other).any(axis=-1)
    assert changed.any()
    assert not changed[:, :4].any()
    assert not changed[50:].any()


def test_the_last_factor_varies_fastest(composer: Composer) -> None:
    image = composer.images(np.array([123_456]))[0]
    np.testing.assert_array_equal(image, draw(composer, (0, 4, 0, 1, 2, 6, 16))[0])


def test_an_image_does_not_depend_on_its_batch(composer: Composer) -> None:
    index = np.random.default_rng(0).integers(0, 1_036_800, 12)
    images = composer.images(index)
    assert images.shape == (12, 64, 64, 3)
    assert images.dtype == np.uint8
    for place in (0, 5, 11):
        np.testing.assert_array_equal(composer.images(index[place : place + 1])[0], images[place])


@pytest.mark.parametrize("shape", range(6))
def test_every_object_lies_within_its_box(shape: int) -> None:
    generator = np.random.default_rng(shape)
    for horizontal, vertical in generator.integers(0, 40, (100, 2)):
        for camera in range(3):
            shares, _ = sprites.sprite(solid(shape, 1), pose(int(horizontal), int(vertical)), camera)
            assert (shares < 1).any()
            assert (shares[[0, -1]] == 1).all() or _at_border(int(horizontal), int(vertical), camera)


def _at_border(horizontal: int, vertical: int, camera: int) -> bool:
    corner = sprites.corner(pose(horizontal, vertical), camera)
    return bool(((corner == 0) | (corner == 64 - sprites.SIZE)).any())


@pytest.mark.usefixtures("empty_cache")
def test_the_reader_prepares_once_and_averages_areas(monkeypatch: pytest.MonkeyPatch) -> None:
    few = [(0, pose(0, number)) for number in range(2)]
    monkeypatch.setattr(prepare, "VIEWS", len(few))
    monkeypatch.setattr(prepare, "views", lambda: iter(few))
    told: list[float] = []
    first = prepare.rendered_sprites(lambda share, _: told.append(share))
    assert first.shape == (24, 2, sprites.SIZE, sprites.SIZE)
    assert told == [0.5, 1.0]
    np.testing.assert_array_equal(first[2 * 7 + 1], list(prepare._sprites(pose(0, 1), 0))[7])
    np.testing.assert_array_equal(prepare.rendered_sprites(_never), first)


def _never(share: float, text: str) -> None:
    raise AssertionError(f"prepared again: {share} {text}")


def test_smaller_images_are_area_means(composer: Composer, monkeypatch: pytest.MonkeyPatch) -> None:
    index = np.random.default_rng(1).integers(0, 1_036_800, 40)
    reader = RenderedMpi3d(16, silent)
    monkeypatch.setitem(reader.__dict__, "_composer", composer)
    np.testing.assert_array_equal(reader(index), area_means(composer.images(index), 16))
    assert reader(index[:0]).shape == (0, 16, 16, 3)


@pytest.mark.skipif(not REFERENCE.exists(), reason="the published frames for reference are not at hand")
@pytest.mark.parametrize(("name", "start"), [("toy1", TOY1), ("toy2", TOY2)])
@pytest.mark.parametrize("factor", [5, 6])
def test_the_object_follows_the_published_path(
    composer: Composer, name: str, start: tuple[int, ...], factor: int
) -> None:
    published = np.load(REFERENCE / f"{name}.npz")["frames"][factor].astype(int)
    made = draw(composer, *row_of(start, factor))
    pairs = [
        (object_mask(one, start[0]), object_mask(other, start[0]))
        for one, other in zip(made, published, strict=True)
    ]
    away = np.array([centre(one) - centre(other) for one, other in pairs])
    assert np.sqrt((away**2).sum(axis=1).mean()) <= 1.5


@pytest.mark.skipif(not REFERENCE.exists(), reason="the published frames for reference are not at hand")
def test_objects_and_rings_look_like_the_published_ones(composer: Composer) -> None:
    published = np.load(REFERENCE / "toy1.npz")["frames"].astype(int)
    for factor in (1, 2, 3):
        off = []
        for one, other in zip(draw(composer, *row_of(TOY1, factor)), published[factor], strict=True):
            made, shown = object_mask(one, 3), object_mask(other, 3)
            assert np.abs(box(made) - box(shown)).max() <= 2
            off.append((one - other)[made & shown].mean(axis=0))
        assert np.abs(np.mean(off, axis=0)).max() <= 10
    for factor, mask in ((0, object_mask(published[2, 0], 3)), (4, ring(1) == 1)):
        for one, other in zip(draw(composer, *row_of(TOY1, factor)), published[factor], strict=True):
            assert np.abs(one[mask].mean(axis=0) - other[mask].mean(axis=0)).max() <= 10


def test_the_object_is_drawn_where_its_centre_shows() -> None:
    at = pose(22, 21)
    shares, _ = sprites.sprite(solid(5, 1), at, 1)
    row, column = centre(shares < 1) + sprites.corner(at, 1) + 0.5
    assert np.hypot(*(project(at.centre, 1) - (column, row))) < 1
