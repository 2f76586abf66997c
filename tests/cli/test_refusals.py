"""Bad input ends in one message with a remedy and exit code 2, before anything runs or is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from detaux.cli.app import app


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "file").touch()


def detaux(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def check_refused(refused: Result, *said: str) -> None:
    assert refused.exit_code == 2, refused.output
    assert isinstance(refused.exception, SystemExit)
    assert any(line.startswith("detaux: ") for line in refused.stderr.splitlines())
    for words in said:
        assert words in refused.stderr
    assert [place.name for place in Path().iterdir()] == ["file"]


@pytest.mark.parametrize("command", ["run", "plan", "status", "report"])
@pytest.mark.parametrize(
    "store", ["nosuch://x", "~nosuchuser/x", "/proc/x", "file", "file/below", "/dev/null", ""]
)
def test_a_store_that_cannot_be_used_is_refused(command: str, store: str) -> None:
    check_refused(detaux(command, "smoke", "--store", store), "--store", store, "cannot be used")


@pytest.mark.parametrize("folder", ["/proc/x", "file", "file/below", "/dev/null"])
@pytest.mark.parametrize(
    ("option", "commands"),
    [
        ("--results", (("run", "smoke"), ("report", "smoke"))),
        ("--reports", (("run", "smoke", "--report"), ("report", "smoke"))),
    ],
)
def test_folders_of_results_are_looked_at_first(
    folder: str, option: str, commands: tuple[tuple[str, ...], ...]
) -> None:
    for command in commands:
        check_refused(detaux(*command, option, folder), option, folder, "cannot be used")


@pytest.mark.parametrize("device", ["nonsense", "", "CPU", "meta", "cuda:4096"])
@pytest.mark.parametrize("executor", ["inline", "ray"])
def test_a_device_is_looked_for_before_anything_runs(device: str, executor: str) -> None:
    refused = detaux("run", "smoke", "--device", device, "--executor", executor)
    check_refused(refused, f"--device {device!r}", "use 'auto'")


def test_all_faulty_changes_are_told_at_once() -> None:
    changes = ("--set", "seeds", "--set", "=3", "--set", "learn.steps=[1", "--set", "learn.steps=!!int x")
    check_refused(
        detaux("run", "smoke", *changes),
        "'seeds' is no",
        "'=3' is no",
        "'learn.steps=[1'",
        "'learn.steps=!!int x'",
    )


def test_a_report_on_nothing_says_what_to_run() -> None:
    refused = detaux("report", "smoke", "--store", "empty")
    assert refused.exit_code == 2
    assert "nothing of suite 'smoke' with these settings has run" in refused.stderr
    assert "detaux run smoke --store empty" in refused.stderr
    assert not Path("reports").exists()
