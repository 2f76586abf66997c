"""What `detaux data list` says of a set whose official file is here, was converted, or is gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.official.file import Downloadable
from detaux.data.registries import datasets
from tests.cli.toy_sets import row
from tests.data.standins.every import makers_of

Put = Callable[..., Path]


@pytest.fixture
def put(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Return what puts the made-up official file of a set into the cache folder."""

    def put(name: str, maker: str = "make") -> Path:
        made = makers_of(name)[maker](cache.parent, monkeypatch)["path"]
        part = datasets.get(name)()
        assert isinstance(part, Downloadable)
        (official,) = part.official_files()
        cache.mkdir()
        return Path(shutil.copy(made, official.default_path))

    return put


@pytest.mark.parametrize("name", ["cifar10", "cub200"])
def test_a_converted_set_is_told_while_it_can_be_opened(put: Put, name: str, cache: Path) -> None:
    file = put(name)
    assert row(name)[2] == "yes"
    load_dataset(name)
    file.unlink()
    assert row(name)[2] == "converted"
    load_dataset(name)
    (array,) = cache.rglob("array.npy")
    array.write_bytes(array.read_bytes()[:-1])
    assert row(name)[2] == "no"
    with pytest.raises(DataError, match="there is no file"):
        load_dataset(name)


def test_a_converted_set_is_told_before_it_is_rendered(put: Put, cache: Path) -> None:
    file = put("dsprites", "make_official")
    load_dataset("dsprites")
    file.unlink()
    assert row("dsprites")[2] == "converted"
    assert not load_dataset("dsprites").rendered
    shutil.rmtree(cache / "dsprites-official")
    assert row("dsprites")[2] == "rendered"


def test_a_set_converted_at_another_size_is_not_at_hand(put: Put) -> None:
    file = put("cifar10")
    load_dataset("cifar10", image_size=16)
    file.unlink()
    assert row("cifar10")[2] == "no"
