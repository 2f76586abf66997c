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
    ("words", "most"),
    [(("data", "list"), 3), (("list", "datasets"), 2), (("list", "metrics"), 2), (("list", "suites"), 2)],
)
def test_a_list_has_few_lines_a_name_and_fits(
    words: tuple[str, ...], most: int, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = lines(monkeypatch, columns, *words)
    starts = [place for place, line in enumerate(shown) if not line.startswith(" ")]
    assert max(map(len, shown)) <= columns
    assert all(end - start <= most for start, end in zip(starts, [*starts[1:], len(shown)], strict=True))
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


def told(monkeypatch: pytest.MonkeyPatch, cache: Path, columns: int) -> dict[str, list[str]]:
    """Return the lines on each set, by name."""
    monkeypatch.setenv("DETAUX_CACHE", str(cache))
    shown = lines(monkeypatch, columns, "data", "list")[1:]
    return {shown[start].split()[0]: shown[start : start + 3] for start in range(0, len(shown), 3)}


def test_the_list_tells_number_licence_and_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = told(monkeypatch, tmp_path, 200)
    assert set(rows) == set(datasets.names())
    assert rows["cub200"][0].split()[1] == "11,788"
    assert rows["folder"][0].split()[1] == "your"
    assert rows["shapes3d"][0].endswith("267.6 MB        Apache-2.0")
    assert "  from Burgess and Kim 2018, 3D Shapes Dataset, github.com" in rows["shapes3d"][2]
    assert all(rows[entry.name][0].endswith(f"  {entry.part.licence}") for entry in datasets)


def test_a_licence_that_has_no_room_is_cut(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = told(monkeypatch, tmp_path, 80)["celeba"][0]
    assert first.endswith("  non-commercial ...")


def test_the_list_leaves_the_cache_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told(monkeypatch, tmp_path / "cache", 80)
    assert list(tmp_path.iterdir()) == []


def test_paragraphs_are_filled_lists_kept_and_addresses_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    text = "one two three\nfour five\n\nArgs:\n    list: of words that is long\n\nexample.org/a-very-long-address"
    assert filled(text, 2) == (
        "  one two three four\n  five\n\n"
        "  Args:\n      list: of words that is long\n\n"
        "  example.org/a-very-long-address"
    )


def test_a_suite_that_cannot_be_read_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "suites").mkdir()
    (tmp_path / "suites" / "broken.yaml").write_text("suite: [")
    shown = {line.split()[0]: line for line in lines(monkeypatch, 100, "list", "suites")}
    assert "cannot be read; detaux show broken says why" in shown["broken"]
    assert "quickstart" in shown
