from __future__ import annotations

import pytest

from detaux.core.errors import DataError
from detaux.data.pictures import check_pictures, is_embedding


def test_a_row_of_pixels_is_no_picture() -> None:
    assert is_embedding((1, 64, 3))
    with pytest.raises(DataError, match=r"1 x 64 pixels are embeddings, not pictures; draw words"):
        check_pictures((1, 64, 3), "draw words")


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 64, 3), (64, 1, 3)])
def test_all_else_is_a_picture(shape: tuple[int, int, int]) -> None:
    assert not is_embedding(shape)
    check_pictures(shape, "draw words")
