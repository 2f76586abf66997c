"""`detaux data list` and `list`: as wide as the terminal or COLUMNS, also in a pipe."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from detaux.cli.app import app
from detaux.cli.listing import filled, print_names
from detaux.data.registries import datasets


def lines(monkeypatch: pytest.MonkeyPatch, columns: int, *words: str) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(columns))
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


@pytest.mark.parametrize("columns", [60, 80, 100, 200])
@pytest.mark.parametrize(
    "words", [("data", "list"), ("list", "datasets"), ("list", "metrics"), ("list", "suites")]
)
def test_a_list_has_at_most_two_lines_a_name_and_fits(
    words: tuple[str, ...], columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = lines(monkeypatch, columns, *words)
    starts = [place for place, line in enumerate(shown) if not line.startswith(" ")]
    assert max(map(len, shown)) <= columns
    assert all(end - start <= 2 for start, end in zip(starts, [*starts[1:], len(shown)], strict=True))
    names = [shown[place].split()[0] for place in starts]
    if "datasets" in words:
        assert names == list(datasets.names())


def test_without_a_terminal_and_columns_there_are_100(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("sys.__stdout__", None)
    print_names([("name", "word " * 30)])
    assert [len(line) for line in capsys.readouterr().out.splitlines()] == [100, 60]


def test_what_has_no_room_is_cut_with_a_mark(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    print_names([("name", "word " * 30), ("b", "")])
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == f"name  {'word ' * 6}word"[:40].rstrip()
    assert second.endswith(" ...")
    assert third == "b"


def test_the_numbers_of_images_are_those_of_the_sets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path))
    cells = [line.split() for line in lines(monkeypatch, 100, "data", "list")[1::2]]
    told = {row[0]: row[1] for row in cells}
    assert told["digits"] == f"{len(datasets.get('digits')().load()):,}"
    assert told["dsprites"] == f"{len(datasets.get('dsprites')().load()):,}"
    assert told["cub200"] == "11,788"
    assert told["folder"] == told["manifest"] == "your"
    assert sum(number[0].isdigit() for number in told.values()) == len(told) - 2


def test_paragraphs_are_filled_lists_kept_and_addresses_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    text = "one two three\nfour five\n\nArgs:\n    list: of words that is long\n\nexample.org/a-very-long-address"
    assert filled(text, 2) == (
        "  one two three four\n  five\n\n"
        "  Args:\n      list: of words that is long\n\n"
        "  example.org/a-very-long-address"
    )
