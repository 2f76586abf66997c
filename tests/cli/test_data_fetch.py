"""`detaux data fetch`, on made-up sets whose files a server on this machine gives."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.cli.toy_sets import CONTENTS, Toy, detaux

pytestmark = pytest.mark.usefixtures("cache", "toy_server")


def test_fetch_brings_each_file_and_names_those_here(cache: Path) -> None:
    first = detaux("fetch", "toy", "-o", "count=1")
    assert first.exit_code == 0, first.output
    assert first.stdout == f"toy: {cache / 'one.bin'} was fetched\n"
    assert f"{Toy.base}/gone/one.bin: 404 File not found; going on with {Toy.base}/one.bin" in first.stderr
    second = detaux("fetch", "toy")
    assert second.stdout.splitlines() == [
        f"toy: {cache / 'one.bin'} was here already",
        f"toy: {cache / 'two.bin'} was fetched",
    ]
    assert (cache / "two.bin").read_bytes() == CONTENTS["two.bin"]


def test_a_set_without_official_files_says_so(cache: Path) -> None:
    for command in ("fetch", "verify", "path"):
        said = detaux(command, "digits")
        assert said.exit_code == 0
        assert said.stderr == "digits: there are no official files to fetch\n"
        assert said.stdout == ""
    assert not cache.exists()


def test_a_set_of_the_users_own_files_says_how_it_is_opened() -> None:
    said = detaux("path", "folder")
    assert said.exit_code == 0
    assert said.stderr.endswith("to fetch; it reads your own: detaux data show folder -o path=PLACE\n")


def test_one_file_that_cannot_be_had_does_not_stop_the_others(cache: Path, shelf: Path) -> None:
    (shelf / "one.bin").unlink()
    said = detaux("fetch", "toy")
    assert said.exit_code == 1
    assert "detaux: 1 of the files could not be fetched:\n  toy: one.bin\n" in said.stderr
    assert said.stdout == f"toy: {cache / 'two.bin'} was fetched\n"


def test_files_that_cannot_be_had_are_listed_with_one_remedy(cache: Path, shelf: Path) -> None:
    for file in shelf.iterdir():
        file.unlink()
    said = detaux("fetch", "toy", "rendered")
    assert said.exit_code == 1
    assert said.stdout == ""
    listed = said.stderr[said.stderr.index("detaux: ") :]
    assert listed == "detaux: 4 of the files could not be fetched:\n" + "".join(
        f"  {name}: {file}\n"
        f"    sha256 {hashlib.sha256(content).hexdigest()}\n"
        f"    place {cache / file}\n"
        f"    {Toy.base}/gone/{file}: 404 File not found\n"
        f"    {Toy.base}/{file}: 404 File not found\n"
        for name in ("toy", "rendered")
        for file, content in CONTENTS.items()
    ) + ("try again later, or put each file at its place by hand, or for rendered set origin to 'rendered'\n")


def test_a_cache_that_cannot_be_written_has_its_own_remedy(cache: Path) -> None:
    cache.touch()
    said = detaux("fetch", "toy", "-o", "count=1")
    assert said.exit_code == 1
    assert said.stderr.startswith(f"detaux: toy: cannot write {cache / 'one.bin'}")
    assert "set DETAUX_CACHE elsewhere" in said.stderr
    assert "by hand" not in said.stderr
