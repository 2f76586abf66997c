"""Which commit of this project made a result."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_SHORT = 7


@cache
def commit() -> str:
    """Return the commit of the checkout that the package runs from, with `+dirty` if it has changes.

    Empty where the package was installed from elsewhere than a checkout, or git is not there.
    """
    place = Path(__file__).resolve().parents[2]
    if not (place / ".git").exists():
        return ""
    revision = _git(place, "rev-parse", "HEAD")
    return (
        f"{revision}+dirty"
        if revision and _git(place, "status", "--porcelain", "--untracked-files=no")
        else revision
    )


def name_commits(commits: Mapping[str, str]) -> str:
    """Name the commits that made several artifacts, given by stage.

    Returns:
        The commit, where one made them all; else as `a1b2c3d (measure, learn), d4e5f6a+dirty (data)`.
    """
    stages: dict[str, list[str]] = {}
    for stage, made_by in commits.items():
        stages.setdefault(made_by, []).append(stage)
    if len(stages) == 1:
        return next(iter(stages))
    return ", ".join(f"{_short(made_by)} ({', '.join(made)})" for made_by, made in stages.items())


def _short(commit: str) -> str:
    revision, plus, state = commit.partition("+")
    return f"{revision[:_SHORT]}{plus}{state}" or "unknown"


def _git(place: Path, *words: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(place), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 - fixed words
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
