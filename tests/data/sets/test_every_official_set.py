"""What holds of every data set that is made from official files."""

from __future__ import annotations

import dataclasses
import importlib
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.official.file import Downloadable
from detaux.data.registries import datasets
from tests.data.standins.writing import link, tar_gz

DOWNLOADED = [name for name in datasets.names() if issubclass(datasets.get(name), Downloadable)]
ARCHIVES = [
    ("cars3d", "made-up.tar.gz"),
    ("cifar10", "made-up.tar.gz"),
    ("cifar100", "made-up.tar.gz"),
    ("cub200", "made-up.tgz"),
    ("imagewoof", "made-up-imagewoof2-160.tgz"),
    ("oxford_pets", "annotations.tar.gz"),
    ("oxford_pets", "images.tar.gz"),
    ("stanford_cars", "car_devkit.tgz"),
    ("stanford_cars", "cars_test.tgz"),
    ("stanford_cars", "cars_train.tgz"),
]
pytestmark = pytest.mark.usefixtures("empty_cache")

Added = Callable[[Mapping[str, bytes]], list[tarfile.TarInfo]]
"""Members put behind those of an archive."""
Load = Callable[[tuple[str, str], Added], None]


def hard_link(name: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.LNKTYPE, "../escaped.jpg"
    return info


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Open a set of which one archive was published with more members than it should have."""

    def load(place: tuple[str, str], added: Added) -> None:
        name, archive = place
        standin = importlib.import_module(f"tests.data.standins.{name}")

        def write(path: Path, members: Mapping[str, bytes], *extra: tarfile.TarInfo) -> Path:
            return tar_gz(path, members, *extra, *(added(members) if path.name == archive else ()))

        monkeypatch.setattr(standin, "tar_gz", write)
        load_dataset(name, **standin.make(tmp_path, monkeypatch))

    return load


@pytest.mark.parametrize("name", DOWNLOADED)
def test_all_its_missing_files_are_told_at_once(name: str, empty_cache: Path) -> None:
    part = datasets.get(name)
    options: dict[str, Any] = {
        field.name: "official" for field in dataclasses.fields(part) if field.name == "origin"
    }
    official = part(**options)
    assert isinstance(official, Downloadable)
    with pytest.raises(DataError) as caught:
        load_dataset(name, **options)
    told = str(caught.value).splitlines()
    assert [line.partition(";")[0] for line in told] == [
        f"there is no file {empty_cache / file.name}" for file in official.official_files()
    ]
    for line, file in zip(told, official.official_files(), strict=True):
        assert file.urls[0] in line
        assert file.digest is None or file.digest in line


@pytest.mark.parametrize("place", ARCHIVES, ids="-".join)
@pytest.mark.parametrize(
    ("member", "fault"),
    [
        (link("extra.jpg"), "is a link"),
        (hard_link("extra.jpg"), "is a link"),
        (tarfile.TarInfo("../escaped.jpg"), "leads out of the archive"),
        (tarfile.TarInfo("/escaped.jpg"), "leads out of the archive"),
    ],
    ids=["symbolic", "hard", "parent", "absolute"],
)
def test_links_and_names_that_lead_out_are_refused(
    load: Load, place: tuple[str, str], member: tarfile.TarInfo, fault: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=rf"/{place[1]}: the member '{member.name}' {fault}"):
        load(place, lambda _: [member])
    assert list(tmp_path.rglob("*.npy")) == list(tmp_path.rglob("escaped.jpg")) == []
    assert not (tmp_path.parent / "escaped.jpg").exists()


@pytest.mark.parametrize("place", ARCHIVES, ids="-".join)
def test_a_member_that_is_there_twice_is_refused(load: Load, place: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"/{place[1]}:? .*(twice|is there 2 times)"):
        load(place, lambda members: [*map(tarfile.TarInfo, members)])
    assert list(tmp_path.rglob("*.npy")) == []
