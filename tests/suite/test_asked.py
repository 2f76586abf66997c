"""What a run is told is checked before anything runs: nothing is made but a clear error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from detaux.core.errors import DeviceError, LocationError, SuiteError
from detaux.suite import load_results, load_suite, run_suite
from detaux.suite.executors.asked import check_request
from detaux.suite.executors.inline import InlineExecutor
from detaux.suite.executors.ray import RayExecutor
from detaux.suite.suite import Suite

Read = Callable[..., Suite]


@pytest.fixture
def sound(read: Read, trivial: str, tmp_path: Path) -> dict[str, Any]:
    """Arguments of a run that would do something."""
    return {
        "suite": read(),
        "store": tmp_path / "store",
        "results": tmp_path / "results",
        "executor": InlineExecutor(function=trivial),
        "progress": False,
    }


@pytest.mark.parametrize(
    ("asked", "kind", "said"),
    [
        ({"only": "nope"}, ValueError, "data, disentangle, discover, learn, measure"),
        ({"only": ""}, ValueError, "only must be one of"),
        ({"max_concurrent": 0}, ValueError, "at least 1"),
        ({"max_concurrent": "2"}, TypeError, "a whole number"),
        ({"max_concurrent": True}, TypeError, "a whole number"),
        ({"device": 3}, TypeError, "device must be a text"),
        ({"device": "nonsense"}, DeviceError, "'auto'"),
        ({"device": "meta"}, DeviceError, "'auto'"),
        ({"executor": 3}, TypeError, "'inline'"),
        ({"executor": None}, TypeError, "'inline'"),
        ({"address": 3}, TypeError, "address"),
        ({"store": None}, TypeError, "a folder or a URL"),
        ({"store": ""}, LocationError, "--store"),
        ({"store": "/dev/null/x"}, LocationError, "--store"),
        ({"results": None}, TypeError, "results"),
        ({"results": "/dev/null"}, LocationError, "--results"),
    ],
)
def test_nonsense_is_refused_up_front(
    sound: dict[str, Any], tmp_path: Path, asked: dict[str, Any], kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        run_suite(**{**sound, **asked})
    assert not (tmp_path / "store").exists()
    assert not (tmp_path / "results").exists()


def test_a_device_of_a_cluster_elsewhere_is_not_looked_for_here() -> None:
    elsewhere = RayExecutor(address="node:6379")
    check_request(elsewhere, device="cuda:77", max_concurrent=None, only=None)
    with pytest.raises(DeviceError, match="nonsense"):
        check_request(elsewhere, device="nonsense", max_concurrent=None, only=None)
    with pytest.raises(DeviceError, match="cuda:77"):
        check_request(RayExecutor(), device="cuda:77", max_concurrent=None, only=None)


@pytest.mark.parametrize("suite", [None, 3, ["smoke"]])
def test_a_suite_is_a_name_or_a_path(suite: Any) -> None:
    with pytest.raises(TypeError, match="suite must be a text or a path"):
        load_suite(suite)


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", ""])
def test_a_name_that_no_file_can_have_is_an_unknown_suite(name: str) -> None:
    with pytest.raises(SuiteError, match="unknown name") as refused:
        load_suite(name)
    assert "x" * 200 not in str(refused.value)


@pytest.mark.parametrize("changes", [{1: 1}, ["seeds=3"], "seeds=3"])
def test_changes_map_paths_to_values(changes: Any) -> None:
    with pytest.raises(TypeError, match=r"changes must map dotted paths"):
        load_suite("smoke", changes=changes)


def test_results_are_in_a_folder() -> None:
    nothing: Any = None
    with pytest.raises(TypeError, match="folder must be a text or a path"):
        load_results(nothing)
