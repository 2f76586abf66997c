from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from detaux.suite import patience
from detaux.suite.suite import Suite


def _finish_timers() -> None:
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join()


def test_long_work_is_announced_while_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(patience, "_QUIET_SECONDS", 0.0)
    with patience.announced("counting"):
        _finish_timers()
        assert capsys.readouterr().err == "counting\n"


def test_short_work_and_work_that_fails_are_silent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(patience, "_QUIET_SECONDS", 60.0)
    with patience.announced("counting"):
        pass
    with pytest.raises(ValueError, match="lost count"), patience.announced("counting"):
        raise ValueError("lost count")
    _finish_timers()
    assert capsys.readouterr().err == ""


def test_reading_a_suite_is_announced(
    read: Callable[[], Suite], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(patience, "_QUIET_SECONDS", 0.0)
    read()
    _finish_timers()
    assert capsys.readouterr().err.endswith("test.yaml against its data\n")
