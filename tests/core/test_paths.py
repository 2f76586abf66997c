from pathlib import Path

import pytest

from detaux.core.errors import LocationError
from detaux.core.paths import cache_dir


def test_the_cache_lies_where_it_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for value, place in {"~/a": "a", "": ".cache/detaux", f"{tmp_path}/b/../c": "c"}.items():
        monkeypatch.setenv("DETAUX_CACHE", value)
        assert cache_dir() == tmp_path / place


def test_a_home_of_nobody_is_told_with_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETAUX_CACHE", "~nouser/x")
    with pytest.raises(LocationError, match=r"^DETAUX_CACHE '~nouser/x': cannot be used .*home directory"):
        cache_dir()
