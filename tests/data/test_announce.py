from __future__ import annotations

import time

import numpy as np
import pytest

from detaux.data.announce import Announcer


def test_short_work_is_silent_and_long_work_speaks_every_two_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 1.0, 2.5, 3.0, 4.6])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    announce = Announcer()
    for share in (0.1, 0.25, 0.3, 0.5):
        announce(share, "rendering")
    assert capsys.readouterr().err == "rendering: 25%\nrendering: 50%\n"


def test_long_work_speaks_once_a_tenth_and_anew_of_other_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter(np.arange(0, 1000, 2.5))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    announce = Announcer()
    for view in range(96):
        announce((view + 1) / 96, "rendering")
    announce(1.0, "checking")
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "checking: 100%"
    assert [int(line.removeprefix("rendering: ").rstrip("%")) // 10 for line in lines[:-1]] == list(range(11))
