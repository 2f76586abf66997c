"""The bar of a download: there where somebody looks and waits, and only there."""

from __future__ import annotations

import time

import pytest

from detaux.cli import download_bar
from detaux.cli.download_bar import Bar


def test_long_work_shows_a_bar_with_the_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(download_bar, "_QUIET_SECONDS", 0.5)
    with Bar() as bar:
        bar(0.25, "downloading one.bin")
        assert capsys.readouterr().err == ""
        for share in (0.3, 0.4, 0.5):
            time.sleep(0.25)
            bar(share, "downloading one.bin")
        bar.say("a mirror is [dead]")
    shown = capsys.readouterr().err
    for words in ("downloading one.bin", "50%", "0:00:0", "a mirror is [dead]"):
        assert words in shown


def test_short_work_and_logs_show_no_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    with Bar() as bar:
        bar(0.25, "downloading one.bin")
        bar.say("a mirror is dead " + "x" * 200)
    assert capsys.readouterr().err == "a mirror is dead " + "x" * 200 + "\n"
