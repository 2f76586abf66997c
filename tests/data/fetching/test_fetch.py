"""Downloads from real servers on this machine: good ones, dead ones, and ones that lie or break off."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.fetching.fetch import fetch
from detaux.data.official.file import OfficialFile

CONTENT = bytes(range(250)) * 4000
HALF = len(CONTENT) // 2
SHORT = len(CONTENT) // 10
OTHER = CONTENT[::-1]
TAG = '"one"'


class Server(ThreadingHTTPServer):
    """Serves CONTENT in the manner that the address names, and remembers what was asked and given."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.offered = 0
        self.go_on = threading.Event()

    def url(self, manner: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{manner}"

    def handle_error(self, *_: Any) -> None:
        """A client that goes away in the middle is part of the game."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        manner = self.path[1:]
        self.server.asked.append((manner, self.headers["Range"], self.headers["If-Range"]))
        getattr(self, f"_{manner}")()

    def _ranged(self, limit: int = len(CONTENT)) -> None:
        wanted = self.headers["Range"]
        if wanted is None or self.headers["If-Range"] not in (None, TAG):
            return self._give(200, CONTENT[:limit], {"Content-Length": len(CONTENT)})
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(CONTENT):
            return self.send_error(416)
        told = f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
        length = len(CONTENT) - start
        return self._give(
            206, CONTENT[start : start + limit], {"Content-Length": length, "Content-Range": told}
        )

    def _plain(self) -> None:
        self._give(200, CONTENT, {"Content-Length": len(CONTENT)})

    def _endless(self) -> None:
        self._give(200, CONTENT, {})

    def _cut(self) -> None:
        self._ranged(SHORT)

    def _slow(self) -> None:
        self._ranged(HALF)
        self.server.go_on.wait(30)
        with suppress(OSError):
            self.wfile.write(CONTENT[HALF:])

    def _gone(self) -> None:
        self.send_error(404)

    def _wrong(self) -> None:
        self._give(200, OTHER, {"Content-Length": len(OTHER)})

    def _short(self) -> None:
        self._give(200, CONTENT[:HALF], {"Content-Length": HALF})

    def _shifted(self) -> None:
        self._give(206, CONTENT, {"Content-Range": f"bytes 0-{len(CONTENT) - 1}/{len(CONTENT)}"})

    def _page(self) -> None:
        self._give(200, b"<html>too many downloads</html>", {"Content-Type": "text/html; charset=utf-8"})

    def _moved(self) -> None:
        self._give(302, b"", {"Location": self.server.url("ranged")})

    def _astray(self) -> None:
        self._give(302, b"", {"Location": "file:///etc/hostname"})

    def _give(self, status: int, body: bytes, headers: dict[str, Any]) -> None:
        self.send_response(status)
        for name, value in {"ETag": TAG, **headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.server.offered += len(body)
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Not to the test's output."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "toy.bin"


@pytest.fixture
def dead() -> str:
    """Return an address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/toy.bin"


def file(*urls: str, **changes: Any) -> OfficialFile:
    facts: dict[str, Any] = {
        "name": "toy.bin",
        "urls": urls,
        "algorithm": "sha256",
        "digest": hashlib.sha256(CONTENT).hexdigest(),
        "size": len(CONTENT),
    }
    return OfficialFile(**(facts | changes))


def left_at(place: Path, content: bytes, **note: str | None) -> None:
    """Leave what an earlier download brought."""
    place.parent.mkdir()
    place.with_name("toy.bin.partial").write_bytes(content)
    if note:
        place.with_name("toy.bin.partial.json").write_text(json.dumps(note))


def check_fetched(file: OfficialFile, place: Path) -> list[str]:
    """Fetch, look whether only the right file is left, and return what was said."""
    said: list[str] = []
    assert fetch(file, place, silent, said.append)
    assert place.read_bytes() == CONTENT
    assert sorted(path.name for path in place.parent.iterdir()) == ["toy.bin", "toy.bin.lock"]
    return said


@pytest.mark.parametrize("manner", ["ranged", "plain", "endless", "moved"])
def test_a_file_comes_into_its_place_and_only_once(server: Server, place: Path, manner: str) -> None:
    toy = file(server.url(manner))
    assert check_fetched(toy, place) == []
    asked = len(server.asked)
    assert not fetch(toy, place, silent, pytest.fail)
    assert len(server.asked) == asked
    assert server.offered == len(CONTENT)


def test_a_damaged_file_is_replaced(server: Server, place: Path) -> None:
    place.parent.mkdir()
    place.write_bytes(OTHER)
    check_fetched(file(server.url("ranged")), place)


def test_nothing_is_in_place_before_all_is_right(server: Server, place: Path) -> None:
    heard = []

    def progress(share: float, text: str) -> None:
        assert not place.exists()
        heard.append((share, text))

    fetch(file(server.url("ranged")), place, progress, pytest.fail)
    assert heard[0][1] == "downloading toy.bin"
    assert (1.0, "downloading toy.bin") in heard
    assert heard[-1] == (1.0, "checking toy.bin.partial")
    assert [share for share, text in heard if text.startswith("d")] == sorted(
        share for share, text in heard if text.startswith("d")
    )


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


def test_a_connection_that_breaks_is_taken_up_again_then_left_for_the_next(
    server: Server, place: Path
) -> None:
    said = check_fetched(file(server.url("cut"), server.url("ranged")), place)
    starts = [wanted for manner, wanted, _ in server.asked if manner == "cut"]
    assert starts == [None] + [f"bytes={SHORT * number}-" for number in range(1, 5)]
    assert server.asked[-1] == ("ranged", f"bytes={5 * SHORT}-", None)
    assert server.offered == len(CONTENT)
    assert len(said) == 1
    assert f"stopped after {5 * SHORT:,} of {len(CONTENT):,} bytes" in said[0]


@pytest.mark.parametrize(
    ("manner", "fault"),
    [
        ("gone", "404 Not Found"),
        ("wrong", f"gives {len(CONTENT):,} bytes that are not the published file"),
        ("short", f"offers {HALF:,} bytes, where {len(CONTENT):,} are expected"),
        ("astray", "302 .*not allowed"),
    ],
)
def test_a_bad_mirror_is_named_and_the_next_one_tried(
    server: Server, place: Path, manner: str, fault: str
) -> None:
    urls = [server.url(manner), server.url("ranged")]
    said = check_fetched(file(*urls), place)
    assert len(said) == 1
    assert re.fullmatch(f"{urls[0]}: .*{fault}.*; going on with {urls[1]}", said[0])
    assert [manner for manner, _, _ in server.asked] == [manner, "ranged"]


def test_a_part_that_was_not_asked_for_is_refused(server: Server, place: Path) -> None:
    left_at(place, CONTENT[:HALF])
    said = check_fetched(file(server.url("shifted"), server.url("ranged")), place)
    assert "gives another part than was asked for" in said[0]
    assert server.asked[-1] == ("ranged", f"bytes={HALF}-", None)


def test_a_web_page_of_unknown_length_does_not_spoil_the_next_mirror(server: Server, place: Path) -> None:
    said = check_fetched(file(server.url("page"), server.url("ranged")), place)
    assert "stopped after 31 of" in said[0]


def test_a_web_page_is_not_taken_for_a_file_without_digest(server: Server, place: Path) -> None:
    with pytest.raises(DataError, match=r"gives a web page(.|\n)*its digest was never published"):
        fetch(file(server.url("page"), digest=None, size=None), place, silent, pytest.fail)
    assert not place.exists()


def test_one_error_tells_all_when_nothing_helps(server: Server, place: Path, dead: str) -> None:
    urls = (dead, server.url("gone"), server.url("wrong"), "ftp://example.org/toy.bin", "toy.bin")
    toy = file(*urls, instead="set origin to 'rendered'")
    said: list[str] = []
    with pytest.raises(DataError) as caught:
        fetch(toy, place, silent, said.append)
    text = str(caught.value)
    for words in (
        *urls,
        "toy.bin",
        str(place),
        str(toy.digest),
        "refused",
        "404",
        "or set origin to 'rendered'",
    ):
        assert words in text
    assert "unknown url type: ftp" in text
    assert len(said) == len(urls) - 1
    assert [path.name for path in place.parent.iterdir()] == ["toy.bin.lock"]


def test_two_fetches_of_one_file_take_turns(server: Server, place: Path) -> None:
    toy = file(server.url("slow"))
    results: list[bool] = []
    said: list[str] = []
    threads = [
        threading.Thread(target=lambda: results.append(fetch(toy, place, silent, said.append)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 30
    while not said and time.monotonic() < end:
        time.sleep(0.02)
    server.go_on.set()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True]
    assert said == [f"{place} is being fetched by another process; waiting for it"]
    assert len(server.asked) == 1


def test_a_place_that_cannot_be_written_is_named(server: Server, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    with pytest.raises(DataError, match=r"cannot write .*toy.bin: .*set DETAUX_CACHE elsewhere"):
        fetch(file(server.url("ranged")), tmp_path / "cache" / "toy.bin", silent, pytest.fail)
    assert server.asked == []
