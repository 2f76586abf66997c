from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from detaux.core.progress import silent
from detaux.data.pixel_grid import area_means
from detaux.data.rendering.mpi3d import prepare, scene, sprites, strokes
from detaux.data.rendering.mpi3d.arm import pose
from detaux.data.rendering.mpi3d.backdrop import backdrops, ring, ring_light
from detaux.data.rendering.mpi3d.camera import project
from detaux.data.rendering.mpi3d.compose import Composer, RenderedMpi3d
from detaux.data.rendering.mpi3d.solids import MISS, Ball, solid

REFERENCE = Path(__file__).parents[4] / "shared" / "data" / "mpi3d_reference"
TOY1, TOY2 = (3, 4, 1, 1, 1, 22, 21), (2, 2, 0, 0, 0, 39, 27)
"""The factors from which the reference frames start: a large blue pyramid, a small red cylinder."""
RING_ROWS = {
    0: {1: (17, 23), 20: (10, 14), 44: (11, 15), 62: (18, 25)},
    1: {1: (24, 30), 20: (18, 22), 44: (18, 21), 62: (24, 28)},
    2: {1: (34, 36), 20: (29, 31), 44: (30, 32), 62: (35, 38)},
}
"""Measured first and last rows, by camera and column."""
OBJECT_RGB = ((212, 212, 212), (39, 146, 38), (200, 0, 0), (40, 101, 195), (82, 51, 34), (118, 117, 47))
RING_RGB = ((89, 68, 127), (64, 88, 84), (96, 68, 77))
"""Measured medians of the upright pyramid, and of the ring."""
Image = NDArray[np.integer]
Frames = NDArray[np.int64]


class DrawnAtOnce:
    """Sprites of any geometry without the cache, in the array's place."""

    def __getitem__(self, numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
        kinds, views = np.divmod(numbers, prepare.VIEWS)
        return np.stack([_drawn(int(view))[kind] for kind, view in zip(kinds, views, strict=True)])


@cache
def _drawn(view: int) -> list[NDArray[np.uint8]]:
    """Draw all kinds of objects in one view."""
    camera, axes = divmod(view, prepare.POSES)
    return list(prepare._sprites(pose(*divmod(axes, scene.AXIS_STEPS)), camera))


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
    """Tell where red or blue shows, or an object's black underside; the arm's dark pixels lie apart from it."""
    red, green, blue = np.moveaxis(image, -1, 0)
    is_red, is_blue = (red > green + 40) & (red > blue + 40), (blue > red + 25) & (blue > green + 18)
    shown = is_red if colour == 2 else is_blue
    patches, _ = ndimage.label(shown | (image.max(axis=-1) < 34), np.ones((3, 3)))
    return np.asarray(patches == np.bincount(patches[patches > 0]).argmax())


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
    assert np.abs(image[ring(camera) == 1].mean(axis=0) - RING_RGB[ground]).max() <= 10
    for column, (first, last) in RING_ROWS[camera].items():
        rows = np.nonzero(np.abs(image[:, column] - 52).max(axis=-1) > 8)[0]
        assert abs(rows[0] - first) <= 2
        assert abs(rows[-1] - last) <= 2


@pytest.mark.parametrize("camera", [0, 1, 2])
def test_the_ring_is_brightest_in_the_middle_and_below(camera: int) -> None:
    light = np.where(ring(camera) == 1, ring_light(camera), np.nan)
    columns = np.nanmean(light, axis=0)
    assert columns[28:36].min() > 1.05 * columns[[2, 61]].max()
    assert (np.diff(light[:, 10])[~np.isnan(np.diff(light[:, 10]))] > 0).all()


@pytest.mark.parametrize("colour", range(6))
def test_the_upright_pyramid_has_the_measured_colours(composer: Composer, colour: int) -> None:
    image = draw(composer, (colour, *TOY1[1:]))[0]
    mask = object_mask(draw(composer, TOY1)[0], 3)
    assert np.abs(np.median(image[mask], axis=0) - OBJECT_RGB[colour]).max() <= 10


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


def test_knob_and_rod_lie_within_their_box() -> None:
    for horizontal, vertical in np.random.default_rng(0).integers(0, 40, (200, 2)):
        at = pose(int(horizontal), int(vertical))
        for camera in range(3):
            free, _ = strokes.rod(at, camera, strokes.IMAGE)
            row, column = strokes.corner(at, camera)
            free[row : row + strokes.SIZE, column : column + strokes.SIZE] = 1
            assert free.min() > 0.99


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


@pytest.fixture(scope="module", params=[("toy1", TOY1), ("toy2", TOY2)], ids=["toy1", "toy2"])
def frames(composer: Composer, request: pytest.FixtureRequest) -> tuple[tuple[int, ...], Frames, Frames]:
    """Start, frames made and frames published, each of shape (7, 20, 64, 64, 3): row i varies factor i."""
    name, start = request.param
    path = REFERENCE / f"{name}.npz"
    if not path.exists():
        pytest.skip("the published frames for reference are not at hand")
    made = np.stack([draw(composer, *row_of(start, factor)) for factor in range(7)])
    return start, made, np.load(path)["frames"].astype(np.int64)


@pytest.mark.parametrize("factor", [1, 2, 3, 5, 6])
def test_objects_lie_in_the_published_boxes(
    frames: tuple[tuple[int, ...], Frames, Frames], factor: int
) -> None:
    start, made, published = frames
    for one, other in zip(made[factor], published[factor], strict=True):
        off = box(object_mask(one, start[0])) - box(object_mask(other, start[0]))
        assert np.abs(off).max() <= 2


@pytest.mark.parametrize("factor", [5, 6])
def test_the_object_follows_the_published_path(
    frames: tuple[tuple[int, ...], Frames, Frames], factor: int
) -> None:
    start, made, published = frames
    pairs = zip(made[factor], published[factor], strict=True)
    away = [centre(object_mask(one, start[0])) - centre(object_mask(other, start[0])) for one, other in pairs]
    assert np.sqrt((np.array(away) ** 2).sum(axis=1).mean()) <= 0.6


@pytest.mark.parametrize("factor", [1, 2, 3, 5, 6])
def test_an_object_has_the_published_mean_colour(
    frames: tuple[tuple[int, ...], Frames, Frames], factor: int
) -> None:
    start, made, published = frames
    masks = [object_mask(image, start[0]) for image in published[factor]]
    off = [
        (one - other)[mask].mean(axis=0)
        for one, other, mask in zip(made[factor], published[factor], masks, strict=True)
    ]
    assert np.abs(np.mean(off, axis=0)).max() <= 10


def test_every_object_and_ring_colour_is_close_to_the_published_mean(
    frames: tuple[tuple[int, ...], Frames, Frames],
) -> None:
    start, made, published = frames
    shapes = {0: object_mask(published[2, 0], start[0]), 4: ring(start[3]) == 1}
    for factor, mask in shapes.items():
        levels = np.array(row_of(start, factor))[:, factor]
        for level in np.unique(levels):
            chosen = levels == level
            off = (made[factor, chosen] - published[factor, chosen])[:, mask].mean(axis=(0, 1))
            assert np.abs(off).max() <= 10


def test_the_object_is_drawn_where_its_centre_shows() -> None:
    at = pose(22, 21)
    shares, _ = sprites.sprite(solid(5, 1), at, 1)
    row, column = centre(shares < 1) + sprites.corner(at, 1) + 0.5
    assert np.hypot(*(project(at.centre, 1) - (column, row))) < 1


@pytest.mark.parametrize("shape", range(6))
def test_rays_meet_a_solid_where_it_faces_them(shape: int) -> None:
    origin = np.array((3.0, 1.0, 2.0))
    targets = np.random.default_rng(shape).uniform(-0.4, 0.4, (500, 3))
    directions = targets - origin
    normals, face = solid(shape, 1).seen(origin, directions)
    hit = face != MISS
    assert 0 < hit.sum() < 500
    assert hit[np.linalg.norm(targets, axis=1) < 0.05].all()
    np.testing.assert_allclose(np.linalg.norm(normals[face[hit]], axis=1), 1)
    assert ((normals[face[hit]] * directions[hit]).sum(axis=1) < 0).all()


def test_a_ball_is_met_at_its_near_pole() -> None:
    normals, face = Ball(radius=0.5).seen(np.array((0, 0, 4.0)), np.array(((0, 0, -2.0), (1, 0, -2.0))))
    assert face.tolist() == [0, MISS]
    np.testing.assert_allclose(normals[0], (0, 0, 1))


def test_light_falls_from_above_and_from_the_camera() -> None:
    up, down, front = np.array((0, 0, 1.0)), np.array((0, 0, -1.0)), np.array((0, -1.0, 0))
    level = sprites.brightness(np.stack([up, front, down]), front)
    assert level[0] > level[1] > level[2]
    assert sprites.brightness(front[None], front) > sprites.brightness(front[None], -front)
