"""What is said of jobs that failed, and how they are run again."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from detaux.cli.app import app
from detaux.pipeline.job import Job
from detaux.pipeline.stage import Context
from detaux.pipeline.store import Store

FileArtifact = Callable[..., Path]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


def detaux(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def run(*words: str) -> Result:
    return detaux("run", "smoke", "--executor", "inline", *words)


def first_job() -> Job:
    """Return the data job of the suite `smoke`."""
    jobs = json.loads(detaux("plan", "smoke", "--format", "json").stdout)["jobs"]
    return Job(**{name: value for name, value in jobs[0].items() if name not in ("key", "standing")})


def test_errors_that_are_kept_say_how_to_run_them_again(file_artifact: FileArtifact) -> None:
    file_artifact(Store("store"), first_job(), {}, status="error", reason="out of luck")
    for said in (run(), run("--report"), detaux("status", "smoke")):
        assert "14 skipped: data: out of luck" in said.stdout, said.output
        assert "run again with --retry-failed" in said.stdout
    assert run().exit_code == 1


def test_errors_that_are_not_kept_say_so_and_the_same_command_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fill_up(_: Context) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("detaux.pipeline.stages.data.run", fill_up)
        said = run()
    assert said.exit_code == 1
    assert re.search("1 not kept: OSError: .*No space left on device", said.stdout)
    assert "when the same command is given again" in said.stdout
    assert "--retry-failed" not in said.stdout
    assert run("--only", "data").exit_code == 0


def test_a_run_without_failures_says_nothing_of_them() -> None:
    said = run("--only", "data")
    assert said.exit_code == 0
    assert "again" not in said.stdout
