"""Mirrors that are dead, lie or break off: each is named, and the next one tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from detaux.core.errors import DataError
from detaux.core.progress import silent
from detaux.data.fetching.fetch import fetch
from tests.data.fetching.server import SHORT, Server
from tests.data.fetching.toy import CONTENT, HALF, check_fetched, file, left_at


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
