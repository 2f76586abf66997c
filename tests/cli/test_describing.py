"""`detaux list KIND NAME`."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner, Result

from detaux.cli.app import app
from detaux.cli.looking import Kind
from detaux.data.official.file import OfficialFile
from detaux.data.registries import datasets


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def tell(*words: str) -> Result:
    return CliRunner().invoke(app, ("list", *words))


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("datasets", "manifest", "  factors: list of text; must be given\n      Columns that are labels"),
        ("datasets", "manifest", '  on_error: stop or skip; "stop" by default\n      What to do at a file'),
        ("datasets", "manifest", "source: the user's own files; decoded with Pillow\n"),
        ("datasets", "cars3d", "licence: not stated by the authors\n"),
        ("splits", "hold_out", "  factor: text; must be given\n      Factor whose values are held back"),
        ("pairings", "k_factors", "  k: whole number; 1 by default\n      How many factors change"),
        ("corruptions", "gaussian", "  sigma: number; "),
        ("disentanglers", "detaux", "  preset: paper or fast or large or large_vector; "),
        ("metrics", "mig", "Returns:\n    `mig` over all coordinates"),
        ("metrics", "mig", "options: none\n"),
    ],
)
def test_a_named_part_is_told_with_each_option(kind: str, name: str, said: str) -> None:
    told = tell(kind, name)
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith(f"{name}: ")
    assert said in told.stdout


def test_a_named_set_is_told_with_its_official_files() -> None:
    (file,) = datasets.get("cifar10")().official_files()  # type: ignore[attr-defined]  # not of every set
    assert isinstance(file, OfficialFile)
    told = tell("datasets", "cifar10").stdout
    assert f"  {file.name}: 170.1 MB, sha256 {file.digest}\n      {file.urls[0]}\n" in told
    assert "official files" not in tell("datasets", "manifest").stdout


def test_a_named_suite_is_told_with_its_file() -> None:
    told = tell("suites", "smoke").stdout
    assert "smoke.yaml\n" in told
    assert "detaux show smoke" in told


@pytest.mark.parametrize("kind", Kind)
def test_a_part_of_each_kind_can_be_told_and_an_unknown_one_is_refused(kind: Kind) -> None:
    name = next(line.split()[0] for line in tell(kind).stdout.splitlines())
    assert tell(kind, name).exit_code == 0
    refused = tell(kind, f"{name}x")
    assert refused.exit_code == 2
    assert f"did you mean {name!r}" in refused.stderr


def test_a_set_that_lacks_options_says_where_they_are_told() -> None:
    refused = CliRunner().invoke(app, ("data", "show", "manifest"))
    assert refused.exit_code == 2
    assert "needs the option 'path'" in refused.stderr
    assert "`detaux list datasets manifest` tells of each option" in refused.stderr
