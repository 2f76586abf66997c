from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import detaux
from detaux.core.errors import UnknownNameError
from detaux.metrics import TooFewSamplesWarning, compute_metric, compute_metrics, metrics, scores


def test_each_file_of_scores_is_a_metric_of_its_name() -> None:
    files = {path.stem for path in Path(scores.__path__[0]).glob("*.py")} - {"__init__"}
    assert set(metrics.names()) == files
    assert {"accuracy", "dci_extra_trees", "mig", "worst_group"} <= files


def test_a_metric_is_given_as_many_arrays_as_it_takes() -> None:
    codes = np.random.default_rng(0).normal(size=(2000, 3))
    assert compute_metric("total_correlation", codes)["total_correlation"] < 0.01
    with pytest.raises(TypeError, match=r"total_correlation takes codes, found 2 arguments"):
        compute_metric("total_correlation", codes, codes)
    with pytest.raises(TypeError, match=r"mig takes codes and factors, found 1 argument"):
        compute_metric("mig", codes)


def test_each_metric_says_what_it_is_and_whence() -> None:
    assert all(entry.summary and entry.source for entry in metrics)


def test_a_metric_is_computed_by_name_from_the_package() -> None:
    assert detaux.compute_metric is compute_metric
    assert compute_metric("accuracy", np.array([0, 1, 1, 2]), np.array([0, 1, 2, 2])) == {"accuracy": 0.75}


def test_a_near_miss_is_named() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'mig'"):
        compute_metric("migg", np.zeros((3, 2)), np.zeros((3, 1), dtype=np.int64))


def test_naming_the_metrics_imports_no_heavy_library() -> None:
    program = (
        "import sys\n"
        "from detaux.metrics import intervals, metrics, significance\n"
        "assert metrics.names()\n"
        "heavy = {'sklearn', 'scipy', 'torch', 'ray', 'pandas'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_several_metrics_at_once_score_as_one_after_another() -> None:
    random = np.random.default_rng(0)
    codes, factors = random.normal(size=(2_000, 3, 2)), random.integers(0, 3, (2_000, 2))
    names = ["mig", "total_correlation", "dci_extra_trees", "sap"]
    found = compute_metrics(names, codes, factors, seed=3)
    each = [
        compute_metric("mig", codes, factors, seed=3),
        compute_metric("total_correlation", codes, seed=3),
        compute_metric("dci_extra_trees", codes, factors, seed=3),
        compute_metric("sap", codes, factors, seed=3),
    ]
    assert list(found.items()) == [pair for scores in each for pair in scores.items()]


def test_warnings_of_metrics_computed_at_once_are_heard() -> None:
    codes, factors = np.random.default_rng(0).normal(size=(60, 3)), np.arange(120).reshape(60, 2) % 3
    with pytest.warns(TooFewSamplesWarning):
        compute_metrics(["mig", "sap"], codes, factors)


def test_no_metrics_have_no_scores() -> None:
    assert compute_metrics([], np.zeros((4, 2)), np.zeros((4, 1), np.int64)) == {}
