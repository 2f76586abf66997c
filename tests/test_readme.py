"""What the README shows works as it stands there."""

import re
import subprocess
from pathlib import Path

import pytest

from detaux.suite import load_suite
from detaux.suite.expand import expand

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)


@pytest.fixture
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_elsewhere")
def test_the_python_example_runs() -> None:
    (example,) = blocks("python")
    names: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), names)  # noqa: S102 - the project's own README
    assert len(names["results"].runs) == 14  # type: ignore[attr-defined]  # what the example leaves behind


def test_the_suite_shown_is_sound(tmp_path: Path) -> None:
    (example,) = blocks("yaml")
    (tmp_path / "hues.yaml").write_text(example)
    runs = expand(load_suite(tmp_path / "hues.yaml")).runs
    assert {run.arm for run in runs} == {"stl", "detaux", "random", "shuffled"}


def test_every_make_target_named_exists() -> None:
    named = set(re.findall(r"\bmake ([a-z-]+)", TEXT))
    assert named >= {"quickstart", "test"}
    for target in named:
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_every_command_named_exists() -> None:
    from typer.testing import CliRunner

    from detaux.cli.app import app

    for command in set(re.findall(r"\bdetaux (run|plan|status|report|list|show|doctor|schema|data)\b", TEXT)):
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


def test_every_place_on_the_map_exists() -> None:
    places = re.findall(r"`((?:detaux|suites|benchmarks|tests|results|reports|schema)/[\w/.]*)`", TEXT)
    assert places
    for place in places:
        if not place.startswith("reports/quickstart/index"):
            assert (ROOT / place).exists(), place


def test_no_placeholder_is_left() -> None:
    assert "@@" not in TEXT
