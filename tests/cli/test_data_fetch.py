"""`detaux data fetch`, `verify`, `path` and `list`, on made-up sets whose files a server on this machine gives."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
from typer.testing import CliRunner, Result

from detaux.cli import download_bar
from detaux.cli.app import app
from detaux.cli.download_bar import Bar
from detaux.core.errors import DataError
from detaux.core.progress import Progress
from detaux.core.registry import Entry
from detaux.data.dataset import Dataset
from detaux.data.official.file import OfficialFile
from detaux.data.registries import datasets

CONTENTS = {"one.bin": b"one" * 100_000, "two.bin": b"two" * 100}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Not to the test's output."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Toy:
    """A set of up to two official files."""

    base: ClassVar[str] = ""

    count: int = 2
    path: str | None = None

    def __post_init__(self) -> None:
        if self.count > len(CONTENTS):
            raise ValueError(f"count must be at most 2, found {self.count}")

    def official_files(self) -> tuple[OfficialFile, ...]:
        return tuple(official(name) for name in list(CONTENTS)[: self.count])

    def load(self, progress: Progress | None = None) -> Dataset:
        raise DataError(f"never loaded {progress}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered(Toy):
    """A set that can be rendered where its file is not at hand."""

    origin: Literal["auto", "official", "rendered"] = "auto"

    def official_files(self) -> tuple[OfficialFile, ...]:
        return tuple(replace(file, instead="set origin to 'rendered'") for file in Toy.official_files(self))


@dataclass(frozen=True, kw_only=True, slots=True)
class Unchecked(Toy):
    """A set whose file has neither digest nor size."""

    def official_files(self) -> tuple[OfficialFile, ...]:
        return (official("one.bin", digest=None, size=None),)


def official(name: str, **changes: Any) -> OfficialFile:
    facts: dict[str, Any] = {
        "name": name,
        "urls": (f"{Toy.base}/gone/{name}", f"{Toy.base}/{name}"),
        "algorithm": "sha256",
        "digest": hashlib.sha256(CONTENTS[name]).hexdigest(),
        "size": len(CONTENTS[name]),
    }
    return OfficialFile(**(facts | changes))


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return the folder that the server gives."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for name, content in CONTENTS.items():
        (shelf / name).write_bytes(content)
    return shelf


@pytest.fixture(autouse=True)
def _server(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(shelf)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(Toy, "base", f"http://127.0.0.1:{server.server_port}")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path / "cache"))
    datasets.names()
    for part in (Toy, Rendered, Unchecked):
        name = part.__name__.lower()
        entry: Entry[Any] = Entry(name=name, part=part, summary=f"the set {name}", source="made up")
        monkeypatch.setitem(datasets._entries, name, entry)
    return tmp_path / "cache"


def detaux(*words: str) -> Result:
    return CliRunner().invoke(app, ("data", *words))


def row(name: str) -> list[str]:
    """Return the words of a set's line in the list."""
    lines = [line.split() for line in detaux("list").stdout.splitlines()]
    return next(line for line in lines if line[:1] == [name])


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


def test_verify_tells_fine_missing_and_damaged(cache: Path) -> None:
    cache.mkdir()
    (cache / "one.bin").write_bytes(CONTENTS["one.bin"])
    well = detaux("verify", "toy")
    assert well.exit_code == 0
    assert well.stdout.splitlines() == [
        f"toy: fine: {cache / 'one.bin'}",
        f"toy: missing: {cache / 'two.bin'}",
    ]
    (cache / "two.bin").write_bytes(CONTENTS["two.bin"][::-1])
    ill = detaux("verify", "toy")
    assert ill.exit_code == 1
    assert f"toy: damaged: {cache / 'two.bin'} has the sha256" in ill.stdout


def test_a_file_without_a_published_digest_is_said_to_be_unchecked() -> None:
    assert "no digest of it was published" in detaux("fetch", "unchecked").stdout
    assert "no digest of it was published" in detaux("verify", "unchecked").stdout


def test_path_prints_only_places(cache: Path) -> None:
    assert detaux("path", "toy").stdout.splitlines() == [str(cache / "one.bin"), str(cache / "two.bin")]
    several = detaux("path", "unchecked", "toy")
    assert several.stdout.split() == [str(cache / name) for name in ("one.bin", "one.bin", "two.bin")]
    assert not cache.exists()


@pytest.mark.parametrize("command", ["fetch", "verify", "path"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("toi",), "did you mean 'toy'"),
        (("toy", "-o", "cuont=1"), "did you mean 'count'"),
        (("toy", "-o", "count=3"), "toy: count must be at most 2"),
        (("toy", "-o", "count=one"), "toy: count"),
        (("toy", "-o", "count"), "no key=value"),
        (("toy", "-o", "path=/elsewhere"), "leave path out"),
    ],
)
def test_bad_input_is_told_before_anything_is_done(
    cache: Path, command: str, words: tuple[str, ...], said: str
) -> None:
    refused = detaux(command, *words)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert not cache.exists()


def test_an_unknown_name_among_good_ones_stops_all(cache: Path) -> None:
    assert detaux("fetch", "toy", "toi").exit_code == 2
    assert not cache.exists()


def test_all_names_and_options_with_faults_are_told() -> None:
    names = detaux("verify", "toi", "toy", "foldr")
    assert names.exit_code == 2
    assert "did you mean 'toy'" in names.stderr
    assert "did you mean 'folder'" in names.stderr
    options = detaux("verify", "toy", "-o", "cuont=1", "-o", "count=x")
    assert "did you mean 'count'" in options.stderr
    assert "count should be a valid integer" in options.stderr


def test_list_tells_what_is_at_hand() -> None:
    assert row("toy")[:4] == ["toy", "no", "300.3", "kB"]
    assert row("rendered")[1] == "rendered"
    assert row("unchecked")[2:4] == ["size", "unknown"]
    assert row("digits")[1:4] == ["1,797", "always", "none"]
    assert row("folder")[1:3] == ["your", "own"]
    detaux("fetch", "toy")
    assert row("toy")[1] == row("rendered")[1] == "yes"


def test_list_holds_files_against_their_published_size(cache: Path) -> None:
    cache.mkdir()
    (cache / "one.bin").write_bytes(b"broken")
    assert row("toy")[1:3] == row("rendered")[1:3] == ["wrong", "size"]
    assert row("unchecked")[1] == "yes"


@pytest.mark.parametrize("command", ["list", "show", "fetch", "verify", "path"])
def test_every_command_shows_an_example(command: str) -> None:
    assert f"Example: detaux data {command}" in detaux(command, "--help").stdout


def test_long_work_shows_a_bar_with_the_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(download_bar, "_QUIET_SECONDS", 0.5)
    with Bar() as bar:
        bar(0.25, "downloading one.bin")
        assert capsys.readouterr().err == ""
        for share in (0.3, 0.4, 0.5):
            time.sleep(0.25)
            bar(share, "downloading one.bin")
        bar.say("a mirror is [dead]")
    shown = capsys.readouterr().err
    for words in ("downloading one.bin", "50%", "0:00:0", "a mirror is [dead]"):
        assert words in shown


def test_short_work_and_logs_show_no_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    with Bar() as bar:
        bar(0.25, "downloading one.bin")
        bar.say("a mirror is dead " + "x" * 200)
    assert capsys.readouterr().err == "a mirror is dead " + "x" * 200 + "\n"


def test_the_program_ends_with_the_right_code() -> None:
    command = [sys.executable, "-c", "from detaux.cli import main; main()", "data", "path", "shapes3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 2
    assert "did you mean 'shapes3d'" in done.stderr
