"""What an earlier download brought, gone on with where it is right, and thrown away where it is not."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from detaux.data.fetching.fetch import fetch
from tests.data.fetching.server import TAG, Server
from tests.data.fetching.toy import CONTENT, HALF, OTHER, check_fetched, file, left_at


def test_an_interrupted_download_goes_on_with_the_rest_only(server: Server, place: Path) -> None:
    def stop(share: float, _: str) -> None:
        if share >= 0.5:
            raise KeyboardInterrupt

    toy = file(server.url("ranged"))
    with pytest.raises(KeyboardInterrupt):
        fetch(toy, place, stop, pytest.fail)
    assert not place.exists()
    come = place.with_name("toy.bin.partial").stat().st_size
    server.offered = 0
    check_fetched(toy, place)
    assert server.asked[-1] == ("ranged", f"bytes={come}-", TAG)
    assert server.offered == len(CONTENT) - come <= HALF


def test_a_killed_download_goes_on_with_the_rest_only(server: Server, place: Path) -> None:
    toy = file(server.url("slow"))
    script = (
        "from pathlib import Path; from detaux.core.progress import silent; "
        "from detaux.data.fetching.fetch import fetch; from detaux.data.official.file import OfficialFile; "
        f"fetch({toy!r}, Path({str(place)!r}), silent, print)"
    )
    partial = place.with_name("toy.bin.partial")
    with subprocess.Popen([sys.executable, "-c", script]) as process:
        end = time.monotonic() + 60
        while not (partial.exists() and partial.stat().st_size >= HALF // 2) and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    come = partial.stat().st_size
    assert 0 < come <= HALF
    assert not place.exists()
    server.go_on.set()
    server.offered = 0
    check_fetched(file(server.url("ranged")), place)
    assert server.offered == len(CONTENT) - come


def test_a_server_without_ranges_starts_afresh(server: Server, place: Path) -> None:
    left_at(place, CONTENT[:HALF], url=server.url("plain"), version=TAG)
    check_fetched(file(server.url("plain")), place)
    assert server.asked == [("plain", f"bytes={HALF}-", TAG)]
    assert server.offered == len(CONTENT)


def test_a_newer_version_starts_afresh(server: Server, place: Path) -> None:
    left_at(place, OTHER[:HALF], url=server.url("ranged"), version='"old"')
    check_fetched(file(server.url("ranged")), place)
    assert server.offered == len(CONTENT)


@pytest.mark.parametrize("note", [{}, {"url": "http://elsewhere.example/toy.bin", "version": '"old"'}])
def test_what_another_mirror_brought_is_used(server: Server, place: Path, note: dict[str, str]) -> None:
    left_at(place, CONTENT[:HALF], **note)
    check_fetched(file(server.url("ranged")), place)
    assert server.asked == [("ranged", f"bytes={HALF}-", None)]
    assert server.offered == HALF


def test_without_a_digest_versions_never_mix(server: Server, place: Path) -> None:
    left_at(place, OTHER[:HALF], url=server.url("elsewhere"), version=TAG)
    check_fetched(file(server.url("ranged"), digest=None), place)
    assert server.asked == [("ranged", None, None)]


def test_a_wrong_beginning_is_thrown_away(server: Server, place: Path) -> None:
    left_at(place, OTHER[:HALF])
    assert check_fetched(file(server.url("ranged")), place) == []
    assert [wanted for _, wanted, _ in server.asked] == [f"bytes={HALF}-", None]


def test_a_whole_download_is_only_checked(server: Server, place: Path) -> None:
    left_at(place, CONTENT, url=server.url("ranged"), version=TAG)
    check_fetched(file(server.url("ranged")), place)
    assert server.offered == 0


@pytest.mark.parametrize("content", [OTHER, CONTENT + b"more"])
def test_a_whole_but_wrong_download_starts_afresh(server: Server, place: Path, content: bytes) -> None:
    left_at(place, content, url=server.url("ranged"), version=TAG)
    check_fetched(file(server.url("ranged")), place)
    assert server.offered == len(CONTENT)
