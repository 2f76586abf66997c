"""The two things others ask of this room: the gain table, and the report of a suite."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from detaux.core.paths import safe_name
from detaux.report.artifacts import Artifacts
from detaux.report.drawing import Drawing, inline_svg, to_png, to_svg
from detaux.report.page.content import Content, gather_content
from detaux.report.rendering.delimited import to_csv
from detaux.report.rendering.html import read_asset, render
from detaux.report.rendering.latex import to_latex
from detaux.report.rendering.markdown import to_markdown
from detaux.report.rendering.report import to_report_markdown
from detaux.report.results import load_results
from detaux.report.table import Table
from detaux.report.tables.gain_by_arm import gain_by_arm
from detaux.report.writing import write_atomically


def gain_table(results_dir: Path) -> Table:
    """Return the gain of every arm over single-task learning; its frame is what `gain_frame` describes.

    Args:
        results_dir: A suite's results, as in `load_results`.

    Raises:
        DataError: If the results are missing or damaged.
    """
    return gain_by_arm(load_results(results_dir))


def write_report(results_dir: Path, store: Path, out: Path) -> Path:
    """Write the report of a suite: `index.html`, `report.md`, `tables/` and `figures/`.

    Published figures are looked for in `published/` beside the results.

    Args:
        results_dir: A suite's results, as in `load_results`.
        store: The store that the runs were made in; what it lacks, pictures and provenance, the report does without.
        out: Folder to write to; made if missing. Files of the same names are replaced, each in one step.

    Returns:
        The path of `index.html`.

    Raises:
        DataError: If the results are missing or damaged.
        UnknownNameError: If the suite asks for a table or figure that does not exist.
    """
    content = gather_content(
        load_results(results_dir), Artifacts(location=store), results_dir.parent / "published"
    )
    drawings = [drawing for section in content.sections for drawing in section.drawings if drawing.figure]
    pictures = {drawing.name: to_svg(drawing.figure) for drawing in drawings if drawing.figure}
    for section in content.sections:
        _write_table(section.table, out / "tables")
    for drawing in drawings:
        _write_figure(drawing, pictures[drawing.name], out / "figures")
    write_atomically(out / "report.md", to_report_markdown(content))
    write_atomically(out / "index.html", _page(content, pictures))
    return out / "index.html"


def _write_table(table: Table, folder: Path) -> None:
    name = safe_name(table.name)
    write_atomically(folder / f"{name}.md", to_markdown(table))
    write_atomically(folder / f"{name}.tex", to_latex(table))
    write_atomically(folder / f"{name}.csv", to_csv(table))


def _write_figure(drawing: Drawing, svg: str, folder: Path) -> None:
    name = safe_name(drawing.name)
    write_atomically(folder / f"{name}.svg", svg)
    if drawing.figure:
        write_atomically(folder / f"{name}.png", to_png(drawing.figure))


def _page(content: Content, pictures: Mapping[str, str]) -> str:
    def inline(drawing: Drawing) -> Markup:
        # matplotlib escapes the texts of its SVG, and inline_svg the description.
        return Markup(inline_svg(pictures[drawing.name], name=drawing.name, alt=drawing.alt))  # noqa: S704

    style, script = read_asset("style.css"), read_asset("sort.js")
    return render("index.html", content=content, style=style, script=script, svg=inline)
