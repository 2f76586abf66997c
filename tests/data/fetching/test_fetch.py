"""Files that come whole, into their place, and once."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.fetching.fetch import fetch
from tests.data.fetching.server import Server
from tests.data.fetching.toy import CONTENT, OTHER, check_fetched, file


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
