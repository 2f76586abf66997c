from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from detaux.core.errors import UnknownNameError
from detaux.report.api import gain_table, write_report

_VOID = {"meta", "img", "br", "link", "hr", "input"}


class _Page(HTMLParser):
    """Collects identifiers, links, images without words and tags left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.wordless: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [(given["href"] or "")[1:]] if tag == "a" else []
        self.wordless += [tag] if tag == "img" and not given.get("alt") else []
        self.open += [tag] if tag not in _VOID else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_is_whole_and_needs_nothing_but_itself(made_up_report: Path) -> None:
    text = made_up_report.read_text()
    page = _Page(text)
    assert "//" not in re.sub(
        r"data:image/png;base64,[A-Za-z0-9+/=]+|^\s*//.*$", "", text, flags=re.MULTILINE
    )
    assert not re.search(r'(src|href)="(?!#|data:)', text)
    assert not page.open
    assert not page.wordless
    assert len(page.ids) == len(set(page.ids))
    assert set(page.links) <= set(page.ids)
    assert "prefers-color-scheme: dark" in text


def test_page_says_what_a_reader_must_know(made_up_report: Path) -> None:
    text = made_up_report.read_text()
    for said in (
        "Do made-up numbers come out as they should?",
        "shapes3d (rendered data)",
        "the test split is scored once",
        "8,000 training images",
        "made-up processor",
        "torch 9.9",
        "0123456789abcdef",
        "7 of 65 planned runs are not done",
        "DivergedError: the loss is nan at step 310",
        "rendered data are not compared with published figures",
        "interval includes 0",
        "how well stage one worked",
        "bootstrap interval holds the truth about",
        "data:image/png;base64,",
        "8,000 training images, in pairs drawn by the principal labels and the values of all other factors of them",
        "(pairing auto: one_factor)<",
        "8,000 training images, in pairs drawn by the principal labels of them all (pairing auto: same_class)<",
        "random: 8,000 train, 1,000 validation and 2,500 test images",
        "1,000 validation images, by which every arm chooses its weights",
        "all share one split",
        "With runs that found no task counted as gain 0: digits, detaux (strength 0)",
    ):
        assert said in text, said


def test_page_tells_what_measures_warned_of_and_whom_it_concerns(made_up_report: Path) -> None:
    (warning,) = re.findall("<li>dci_extra_trees: 3 samples, but under 9 .*</li>", made_up_report.read_text())
    assert len(re.findall(r"\(measure job [0-9a-f]{12}\)", warning)) == 3
    assert "digits, strength 1, repetition 0" in warning
    assert "shapes3d" not in warning


def test_stage_one_that_is_trained_on_test_images_is_told_of_and_marked(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5] * 3)
    column = {"disentangle.method.variant": "as_released"}
    made_up.add("detaux", [0.6, 0.61, 0.62], strength=1.0, models=list("abc"), **column)
    made_up.save_store(tmp_path / "store")
    page = write_report(made_up.save(tmp_path / "results"), tmp_path / "store", tmp_path / "out").read_text()
    assert "<dd>with variant as_released all 11,500 images, test images and their principal labels" in page
    assert "detaux (saw the test images)" in page
    assert (
        "their principal labels included, in pairs drawn by the principal labels of them all (pairing auto"
        in page
    )
    assert "training images, in pairs" not in page


def test_files_stand_beside_the_page_and_its_markdown_links_to_them(made_up_report: Path) -> None:
    text = (made_up_report.parent / "report.md").read_text()
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if link != "index.html"]
    assert len(links) > 10
    assert all((made_up_report.parent / link).is_file() for link in links)
    assert not [file for file in made_up_report.parent.rglob("*") if file.name.startswith(".")]
    assert {file.suffix for file in (made_up_report.parent / "figures").iterdir()} == {".svg", ".png"}


def test_hostile_names_are_text(made_up: Any, tmp_path: Path) -> None:
    made_up.suite = {"suite": "<img src=x onerror=alert(1)>", "question": "</title><script>alert(2)</script>"}
    made_up.add("stl", [0.5])
    made_up.add("random", [None], status="error", reason="<b onclick=alert(3)>")
    text = write_report(made_up.save(tmp_path / "results"), tmp_path / "store", tmp_path / "out").read_text()
    assert "<img src=x" not in text
    assert "<script>alert" not in text
    assert "<b onclick" not in text


def test_a_report_without_a_store_or_a_finished_run_is_a_report(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [None, None])
    made_up.add("detaux", [None, None], strength=1.0, models=["a", "b"])
    page = write_report(made_up.save(tmp_path / "results"), tmp_path / "nowhere", tmp_path / "out")
    assert "no run on discovered labels has a gain (2 missing)" in page.read_text()


def test_shows_what_the_suite_asks_for_and_the_answer_always(made_up: Any, tmp_path: Path) -> None:
    made_up.suite["report"] = {"tables": ["disentanglement"], "figures": ["gain_by_arm"]}
    made_up.add("stl", [0.5])
    write_report(made_up.save(tmp_path / "results"), tmp_path / "store", tmp_path / "out")
    tables = {file.stem for file in (tmp_path / "out" / "tables").iterdir()}
    assert tables == {"disentanglement", "gain_by_arm", "jobs"}


def test_an_unknown_table_is_answered_with_near_misses(made_up: Any, tmp_path: Path) -> None:
    made_up.suite["report"] = {"tables": ["gain_by_arms"]}
    made_up.add("stl", [0.5])
    with pytest.raises(UnknownNameError, match="gain_by_arm"):
        write_report(made_up.save(tmp_path / "results"), tmp_path / "store", tmp_path / "out")


def test_gain_table_has_a_row_an_arm(made_up_suite: Any, tmp_path: Path) -> None:
    table = gain_table(made_up_suite.save(tmp_path))
    assert len(table.cells()) == len(table.frame) == 7 + 6


def test_imports_neither_torch_nor_ray() -> None:
    code = "import sys, detaux.report.api; sys.exit(bool({'torch', 'ray'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
