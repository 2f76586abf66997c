from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from detaux.core.registry import Entry
from detaux.data.registries import datasets
from tests.cli.toy_sets import CONTENTS, Rendered, Toy, Unchecked


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Not to the test's output."""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return the folder that the server gives."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for name, content in CONTENTS.items():
        (shelf / name).write_bytes(content)
    return shelf


@pytest.fixture
def toy_server(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the files of the shelf."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(shelf)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(Toy, "base", f"http://127.0.0.1:{server.server_port}")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache folder that is yet to be made, with the made-up sets registered."""
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path / "cache"))
    datasets.names()
    for part in (Toy, Rendered, Unchecked):
        name = part.__name__.lower()
        entry: Entry[Any] = Entry(name=name, part=part, summary=f"the set {name}", source="made up")
        monkeypatch.setitem(datasets._entries, name, entry)
    return tmp_path / "cache"
