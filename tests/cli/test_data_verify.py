"""`detaux data verify`, `path` and `list`, and what all of them refuse, on made-up sets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.cli.toy_sets import CONTENTS, detaux, row

pytestmark = pytest.mark.usefixtures("cache", "toy_server")


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


def test_verify_does_not_call_a_file_damaged_that_may_not_be_read(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    cache.mkdir()
    (cache / "one.bin").write_bytes(CONTENTS["one.bin"])
    monkeypatch.setattr(Path, "open", refuse)  # since root may read all
    said = detaux("verify", "toy", "-o", "count=1")
    assert said.exit_code == 1
    assert said.stdout.startswith(
        f"toy: unreadable: cannot read {cache / 'one.bin'}: Permission denied; see that"
    )


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


def test_the_program_ends_with_the_right_code() -> None:
    command = [sys.executable, "-c", "from detaux.cli import main; main()", "data", "path", "shapes3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 2
    assert "did you mean 'shapes3d'" in done.stderr
