"""The whole report as Markdown, with links to its tables and figures."""

from __future__ import annotations

from detaux.report.page.content import Content, Section
from detaux.report.rendering.markdown import escape_markdown, to_markdown


def to_report_markdown(content: Content) -> str:
    """Return the report as Markdown; tables and figures are linked relative to its folder."""
    blocks = [
        f"# {escape_markdown(content.results.name)}",
        escape_markdown(content.results.question),
        "## Answer",
        *(f"- {escape_markdown(sentence)}" for sentence in content.headlines),
        "## What was run",
        *(_facts(heading, facts) for heading, facts in content.facts),
        *(_section(section) for section in content.sections),
        f"## {content.published.title}",
        to_markdown(content.published),
        "## How the numbers were made",
        "\n".join(f"- {escape_markdown(note)}" for note in content.notes),
        "## Runs that are not done",
        _unfinished(content),
        "Pictures of subspaces and clusters, and every run with its config: [index.html](index.html).",
    ]
    return "\n\n".join(block.rstrip("\n") for block in blocks if block) + "\n"


def _facts(heading: str, facts: list[tuple[str, str]]) -> str:
    lines = [f"- {term}: {escape_markdown(said)}" for term, said in facts]
    return "\n".join([f"### {escape_markdown(heading)}", "", *lines])


def _section(section: Section) -> str:
    table = section.table
    files = ", ".join(f"[{ending}](tables/{table.name}.{ending})" for ending in ("md", "tex", "csv"))
    figures = [
        f"![{escape_markdown(drawing.alt)}](figures/{drawing.name}.png)\n\n*{escape_markdown(drawing.caption)}*"
        for drawing in section.drawings
        if drawing.figure is not None
    ]
    head = [f"## {table.title}", escape_markdown(table.caption), to_markdown(table).rstrip("\n")]
    return "\n\n".join([*head, f"As files: {files}.", *figures])


def _unfinished(content: Content) -> str:
    lines = [
        f"- {run['arm']} {run['setting']}, repetition {run['repetition']} on {run['experiment']} "
        f"(`{run['run_id']}`): {escape_markdown(str(run['status']))}. {escape_markdown(str(run['reason'] or ''))}"
        for run in content.unfinished
    ]
    return "\n".join(lines) or "Every planned run is done."
