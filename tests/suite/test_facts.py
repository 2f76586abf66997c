"""Facts are of the files as they are when a suite is read, planned or run, not as they once were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from detaux.core.errors import SuiteError
from detaux.pipeline.store import Store
from detaux.suite.api import load_suite, run_suite
from detaux.suite.plan import plan_suite

Write = Callable[..., Path]
SUITE = """
extends: base.yaml
seeds: 1
data: {name: manifest, path: PATH, factors: [kind], image_size: 8, principal: [kind], split: random}
discover: {clustering: {name: kmeans, num_clusters: 2}}
learn: {batch_size: 4}
"""


@pytest.fixture
def relabel(tmp_path: Path) -> Callable[[int], None]:
    """Write the labels of forty images, alternating in runs of a length."""
    for number, image in enumerate(np.random.default_rng(0).integers(0, 256, (40, 8, 8, 3), np.uint8)):
        Image.fromarray(image).save(tmp_path / f"{number}.png")

    def write_labels(length: int) -> None:
        rows = [f"{number}.png,{'ab'[number // length % 2]}" for number in range(40)]
        (tmp_path / "table.csv").write_text("\n".join(["path,kind", *rows]))

    return write_labels


@pytest.fixture
def file(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from tests.suite.conftest import BASE

    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path / "cache"))
    write(BASE, "base.yaml")
    return write(SUITE.replace("PATH", str(tmp_path / "table.csv")), "suite.yaml")


@pytest.mark.parametrize("read_before", [False, True])
def test_a_second_run_is_of_the_labels_of_then(
    relabel: Callable[[int], None], file: Path, tmp_path: Path, *, read_before: bool
) -> None:
    done = []
    relabel(1)
    suite = load_suite(file) if read_before else file
    for length in (1, 5, 5, 1):
        relabel(length)
        results = run_suite(
            suite,
            store=tmp_path / "store",
            results=tmp_path / "results",
            executor="inline",
            device="cpu",
            only="data",
            progress=False,
        )
        assert results.report is not None
        assert not results.report.failed
        done.append((len(results.report.done), len(results.report.cached)))
    assert done == [(1, 0), (1, 0), (0, 1), (0, 1)]


def test_a_plan_is_of_the_labels_of_now(relabel: Callable[[int], None], file: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    relabel(1)
    suite = load_suite(file)
    first = plan_suite(suite, store).expansion.graph.jobs
    relabel(5)
    second = plan_suite(suite, store).expansion.graph.jobs
    relabel(1)
    assert not first.keys() & second.keys()
    assert plan_suite(suite, store).expansion.graph.jobs.keys() == first.keys()


def test_a_suite_is_checked_by_the_labels_of_now(relabel: Callable[[int], None], file: Path) -> None:
    relabel(1)
    load_suite(file)
    relabel(100)
    with pytest.raises(SuiteError, match="kind"):
        load_suite(file)
