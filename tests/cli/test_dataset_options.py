from __future__ import annotations

import pytest

from detaux.cli.dataset_options import parse_options
from detaux.core.errors import DataError


def test_values_are_yaml() -> None:
    assert parse_options(["path=a=b.zip", "image_size=8", "groups=[x, y]", "images="]) == {
        "path": "a=b.zip",
        "image_size": 8,
        "groups": ["x", "y"],
        "images": None,
    }
    assert parse_options(None) == {}


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(DataError) as told:
        parse_options(["path=a", "size", "=3", "path=a", "levels=[1", "seed=!!int x"])
    faults = str(told.value).split("\n  --option ")
    assert [fault.removeprefix("--option ").split(" ")[0].rstrip(":") for fault in faults] == [
        "'size'",
        "'=3'",
        "'path'",
        "'levels=[1'",
        "'seed=!!int",
    ]
    assert "'path' is given more than once; keep one" in str(told.value)
