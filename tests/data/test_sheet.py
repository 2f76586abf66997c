from __future__ import annotations

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data.sheet import GAP, contact_sheet


def test_images_run_from_left_to_right_with_grey_between_and_the_rest_is_white() -> None:
    images = np.arange(5, dtype=np.uint8)[:, None, None, None] * np.ones((1, 2, 3, 3), np.uint8)
    sheet = contact_sheet(images, 3)
    assert sheet.shape == (2 + GAP + 2, 3 + GAP + 3 + GAP + 3, 3)
    rows, columns = np.r_[0:2, 4:6], np.r_[0:3, 5:8, 10:13]
    tiles = np.repeat(np.repeat([[0, 1, 2], [3, 4, 255]], 2, axis=0), 3, axis=1)
    np.testing.assert_array_equal(sheet[np.ix_(rows, columns)], np.repeat(tiles[..., None], 3, axis=2))
    assert GAP == 2
    assert (sheet[2:4] == 128).all()
    assert (sheet[:, [3, 4, 8, 9]] == 128).all()


@pytest.mark.parametrize(
    ("shape", "columns"), [((0, 2, 2, 3), 1), ((2, 2, 3), 1), ((1, 2, 2, 1), 1), ((1, 2, 2, 3), 0)]
)
def test_what_makes_no_sheet_is_refused(shape: tuple[int, ...], columns: int) -> None:
    with pytest.raises(ValueError, match="found"):
        contact_sheet(np.zeros(shape, np.uint8), columns)


def test_there_is_no_sheet_of_embeddings() -> None:
    with pytest.raises(
        DataError, match="1 x 64 pixels are embeddings, not pictures; there is no sheet of them"
    ):
        contact_sheet(np.zeros((5, 1, 64, 3), np.uint8), 2)
