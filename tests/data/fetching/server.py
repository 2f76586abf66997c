"""A real server on this machine, that gives the toy file well, or lies or breaks off."""

from __future__ import annotations

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.data.fetching.toy import CONTENT, HALF, OTHER

SHORT = len(CONTENT) // 10
TAG = '"one"'


class Server(ThreadingHTTPServer):
    """Serves CONTENT in the manner that the address names, and remembers what was asked and offered."""

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
        self.server.offered += len(body)
        self.send_response(status)
        for name, value in {"ETag": TAG, **headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Not to the test's output."""
