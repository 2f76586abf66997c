"""Suites to write, expansions to look at, and one Ray cluster for all tests that need it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from detaux.suite.expand import Expansion, expand
from detaux.suite.suite import Suite, read_suite

HERE = Path(__file__).parent
BASE = """
suite: test
question: Does it?
version: 1
seeds: 2
data: {name: digits, principal: [class]}
disentangle: {method: detaux, strength: [0, 1], subspaces: 3}
discover: {subspace: cosine, clustering: kmeans}
learn:
  steps: 10
  arms:
    - {name: stl, auxiliary: none}
    - {name: detaux, auxiliary: discovered}
    - {name: random, auxiliary: random}
    - {name: shuffled, auxiliary: shuffled}
"""
"""A whole suite: 2 seeds, 2 strengths, 4 arms."""

WriteSuite = Callable[..., Path]
ReadSuite = Callable[..., Suite]
ExpandSuite = Callable[..., Expansion]


@pytest.fixture
def write(tmp_path: Path) -> WriteSuite:
    """Write a file and return its path."""

    def write_file(text: str, name: str = "test.yaml") -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).lstrip())
        return file

    return write_file


@pytest.fixture
def read(write: WriteSuite) -> ReadSuite:
    """Read a suite that extends BASE with a text."""

    def read_text(text: str = "") -> Suite:
        write(BASE, "base.yaml")
        return read_suite(write("extends: base.yaml\n" + dedent(text)))

    return read_text


@pytest.fixture
def expanded(read: ReadSuite) -> ExpandSuite:
    """Expand a suite that extends BASE with a text."""

    def expand_text(text: str = "") -> Expansion:
        return expand(read(text))

    return expand_text


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[None]:
    """One cluster of two cores for the whole session; its workers can import the modules beside this file."""
    from detaux.suite.executors.ray import cluster

    path = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", path)
        with cluster(num_cpus=2):
            yield


@pytest.fixture
def trivial(monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of a function that runs jobs that do next to nothing."""
    monkeypatch.syspath_prepend(str(HERE))
    return "trivial_jobs:run_trivial"
