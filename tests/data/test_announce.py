from __future__ import annotations

import time

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
