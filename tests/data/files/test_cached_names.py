from __future__ import annotations

from pathlib import Path

import pytest

from detaux.core.errors import DataError
from detaux.data.files.cached_names import cached_names

pytestmark = pytest.mark.usefixtures("empty_cache")


@pytest.mark.parametrize("names", [[], ["ä/\n1.png", "b/", "c\0d"]])
def test_names_are_listed_once_for_each_content(names: list[str]) -> None:
    listings = iter([names, ["other.png"]])
    for _ in range(2):
        assert cached_names("0" * 64, lambda: next(listings)) == names
    assert cached_names("1" * 64, lambda: next(listings)) == ["other.png"]


def test_what_is_refused_is_not_kept(empty_cache: Path) -> None:
    def refuse() -> list[str]:
        raise DataError("refused")

    for _ in range(2):
        with pytest.raises(DataError, match="refused"):
            cached_names("0" * 64, refuse)
    assert not list(empty_cache.rglob("array.npy"))
