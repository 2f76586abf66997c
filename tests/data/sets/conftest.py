"""Every registered data set, opened from its stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from detaux.data import load_dataset
from detaux.data.dataset import Dataset
from detaux.data.registries import datasets
from tests.data.standins.every import Opened, makers_of

STANDINS = [
    pytest.param((name, make), id=f"{name}{key.removeprefix('make')}")
    for name in datasets.names()
    for key, make in makers_of(name).items()
]


@pytest.fixture(scope="module", params=STANDINS)
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, session_cache: Path
) -> Iterator[Opened]:
    name, make = request.param
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DETAUX_CACHE", str(session_cache))
        options = make(tmp_path_factory.mktemp(name), patch)
        yield Opened(name, options, load_dataset(name, **options))


@pytest.fixture
def dataset(opened: Opened) -> Dataset:
    return opened.dataset
