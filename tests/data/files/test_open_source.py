from __future__ import annotations

from pathlib import Path

import pytest

from detaux.core.errors import DataError
from detaux.data.files.open_source import open_source, user_path


def test_a_path_with_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no folder and no archive at"):
        open_source(tmp_path / "nowhere")


def test_a_path_may_start_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_path("~/photos") == tmp_path.resolve() / "photos"


@pytest.mark.parametrize("text", ["a\0b", "~no-such-user/x", "\udcff", ""])
def test_what_can_be_no_path_is_told_in_a_line(text: str) -> None:
    with pytest.raises(DataError, match=r"\Athe option 'path' is .*; .*\Z"):
        user_path(text)


def test_a_path_longer_than_any_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="File name too long"):
        open_source(tmp_path / ("x" * 5000))
