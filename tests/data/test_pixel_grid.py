from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detaux.data.pixel_grid import GridFacts, PixelGrid, StoredPixels, area_means

FACTS = GridFacts(
    name="toy",
    factors={"hue": 10, "size": 4, "angle": 15},
    licence="none",
    source="made up",
    circular=("hue",),
    value_names={"size": ("s", "m", "l", "xl")},
)
IMAGES = np.random.default_rng(0).integers(0, 256, (600, 8, 8, 3), dtype=np.uint8)


def grid(image_size: int = 8, **levels: int) -> PixelGrid:
    pixels = StoredPixels(IMAGES, image_size)
    return PixelGrid(FACTS, pixels, image_size, FACTS.spread(levels), rendered=False, origin={"sha256": "0"})


@given(name=st.sampled_from(sorted(FACTS.factors)), share=st.floats(0, 1))
def test_kept_levels_are_distinct_ascending_and_start_at_the_first(name: str, share: float) -> None:
    size = FACTS.factors[name]
    count = 1 + round(share * (size - 1))
    levels = FACTS.spread({name: count})[list(FACTS.factors).index(name)]
    assert len(levels) == len(set(levels)) == count
    assert list(levels) == sorted(levels)
    assert levels[0] == 0
    assert levels[-1] < size


def test_circles_are_kept_evenly_and_lines_with_both_ends() -> None:
    hue, size, angle = FACTS.spread({"hue": 5, "size": 2, "angle": 3})
    assert (hue, size, angle) == ((0, 2, 4, 6, 8), (0, 3), (0, 7, 14))


@pytest.mark.parametrize(
    ("levels", "fault"),
    [({"colour": 2}, "levels: .*colour"), ({"hue": 0}, "hue .*1 to 10"), ({"hue": 11}, "hue .*1 to 10")],
)
def test_impossible_levels_are_refused(levels: dict[str, int], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        FACTS.check_levels(levels)


def test_a_part_shows_the_images_of_the_full_set() -> None:
    part = grid(hue=5, size=2)
    index = part.index(np.array([[3, 1, 14]]))
    full = grid().index(np.array([[6, 3, 14]]))
    np.testing.assert_array_equal(part.images(index), IMAGES[full])
    assert part.value_names == {"size": ("s", "xl")}
    assert len(part) == 5 * 2 * 15


def test_images_are_averaged_over_areas() -> None:
    np.testing.assert_array_equal(grid().images(np.array([2, 0])), IMAGES[[2, 0]])
    means = IMAGES[:3].reshape(3, 4, 2, 4, 2, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(grid(image_size=4).images(np.arange(3)), means, atol=0.5)


@pytest.mark.parametrize("size", [8, 4, 2, 1])
@pytest.mark.parametrize("channels", [(), (3,)])
def test_means_are_rounded_half_to_even(size: int, channels: tuple[int, ...]) -> None:
    images = np.random.default_rng(1).integers(250, 256, (50, 8, 8, *channels), dtype=np.uint8)
    blocks = images.reshape(50, size, 8 // size, size, 8 // size, *channels)
    means = area_means(images, size)
    assert means.dtype == np.uint8
    np.testing.assert_array_equal(means, np.rint(blocks.mean(axis=(2, 4))))
    assert area_means(images[:0], size).shape == (0, size, size, *channels)


def test_grey_images_have_three_equal_channels() -> None:
    grey = IMAGES[..., 0]
    images = StoredPixels(grey, 4)(np.arange(5))
    assert images.shape == (5, 4, 4, 3)
    for channel in range(3):
        np.testing.assert_array_equal(images[..., channel], area_means(grey[:5], 4))


def test_rendered_images_say_so() -> None:
    rendered = PixelGrid(FACTS, StoredPixels(IMAGES, 8), 8, FACTS.spread({}), rendered=True, origin={"v": 1})
    assert rendered.name == "toy:rendered"
    assert "not the original images" in rendered.source
    assert rendered.fingerprint != grid().fingerprint
