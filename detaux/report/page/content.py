"""All that a report says, gathered once for the page and for the Markdown file."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detaux.report.artifacts import Artifacts
from detaux.report.drawing import Drawing
from detaux.report.frames import gain_frame, runs_frame, task_frame, unfinished_frame, weighting_points
from detaux.report.headline import headlines
from detaux.report.labels import saw_test_images
from detaux.report.notes import method_notes
from detaux.report.page.cautions import gather_cautions
from detaux.report.page.facts import gather_facts
from detaux.report.page.making import Facts
from detaux.report.page.missing import say_missing_classes
from detaux.report.page.pairing import say_unlike_pairs
from detaux.report.page.pictures import MAX_MODELS, ModelPicture, gather_pictures
from detaux.report.page.weightings import say_solver_failures
from detaux.report.published import load_published, published_frame, published_table
from detaux.report.registries import figures, tables
from detaux.report.results import Results
from detaux.report.stage_one import say_agreement
from detaux.report.table import Row, Table
from detaux.report.wording import count, is_null, number, signed, text

ALWAYS = ("gain_by_arm", "jobs")
"""Tables that no report goes without: the answer, and what is missing from it."""
_IF_FILLED = frozenset({"worst_group", "weighting"})
"""Tables that a report which names none leaves out where they would be empty."""
_ORDER = (
    "gain_by_arm",
    "worst_group",
    "versus_controls",
    "discovered_tasks",
    "agreement",
    "disentanglement",
    "gain_vs_metric",
    "weighting",
    "costs",
)
_BESIDE = {"learning_curves": "costs"}
"""Tables with which figures of other names are shown."""
_KEYS = ("data_key", "disentangle_key", "discover_key", "learn_key", "measure_key", "commit")


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A table and the figures shown with it."""

    table: Table
    """The table; it gives the section its name and title."""
    drawings: tuple[Drawing, ...]
    """Figures of the same name or that go with it, and in the first section those without a table."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What a report says."""

    results: Results
    """Name and question of the suite, and the frames."""
    headlines: list[str]
    """What each experiment showed, whether its pairs were made alike, and how well stage one worked."""
    facts: list[tuple[str, Facts]]
    """What was run, under headings."""
    sections: list[Section]
    """Tables and figures asked for."""
    models: list[ModelPicture]
    """Pictures of stage-one models."""
    pictures_note: str
    """How many models are shown, of how many."""
    published: Table
    """Published figures beside ours."""
    notes: tuple[str, ...]
    """How the numbers were made, and what their jobs warned of."""
    unfinished: list[dict[Hashable, Any]]
    """Rows of `unfinished_frame`."""
    runs: list[dict[Hashable, Any]]
    """Every run, in words."""
    traversal_caption: str = (
        "Traversals, a row a subspace, subspace 0 (the principal one) at the top: one image, decoded with that subspace's "
        "code replaced by those of other images."
    )
    """What the pictures of subspaces show."""
    clusters_caption: str = (
        "A row a class of the task, each with sample images; where noise is a class, it comes first."
    )
    """What the pictures of clusters show."""
    colophon: str = (
        "Written by detaux. Every number leads to its runs, and every run to its config and its jobs' keys."
    )
    """Last line of the page."""


def gather_content(results: Results, artifacts: Artifacts, published: Path) -> Content:
    """Compute all that a report says.

    Args:
        results: The suite's results.
        artifacts: Where pictures and provenance are kept.
        published: Folder of published figures.

    Raises:
        UnknownNameError: If the suite asks for a table or figure that does not exist.
    """
    runs = runs_frame(results)
    models = runs["disentangle_key"].nunique()
    return Content(
        results=results,
        headlines=[
            *headlines(gain_frame(results)),
            *say_unlike_pairs(runs),
            *say_agreement(task_frame(results)),
        ],
        facts=gather_facts(runs, results, artifacts),
        sections=_sections(results),
        models=gather_pictures(results, artifacts),
        pictures_note=f"{min(models, MAX_MODELS)} of {count(models, 'stage-one model')} shown.",
        published=published_table(published_frame(results, load_published(published))),
        notes=(
            *method_notes(saw_test_images=bool(saw_test_images(runs).any())),
            *say_missing_classes(runs, results.scores),
            *say_solver_failures(weighting_points(results)),
            *gather_cautions(runs, artifacts),
        ),
        unfinished=unfinished_frame(results).to_dict("records"),
        runs=[_describe_run(run, results.config_columns) for run in runs.to_dict("records")],
    )


def _sections(results: Results) -> list[Section]:
    asked = results.suite.get("report") or {}
    asked_tables = asked.get("tables") or []
    names = {*ALWAYS, *(asked_tables or tables.names())}
    made = [tables.get(name)(results) for name in sorted(names, key=_place)]
    shown = [table for table in made if len(table.frame) or table.name not in _IF_FILLED - {*asked_tables}]
    drawings = [figures.get(name)(results) for name in asked.get("figures") or figures.names()]
    titles = {table.name for table in shown}
    loose = [drawing for drawing in drawings if _home(drawing) not in titles]
    sections: list[Section] = []
    for table in shown:
        own = [drawing for drawing in drawings if _home(drawing) == table.name]
        sections.append(Section(table=table, drawings=tuple(own if sections else own + loose)))
    return sections


def _home(drawing: Drawing) -> str:
    return _BESIDE.get(drawing.name, drawing.name)


def _place(name: str) -> tuple[bool, int, str]:
    """Order tables: the known ones as a reader asks, then those of other packages, the jobs last."""
    return name == "jobs", _ORDER.index(name) if name in _ORDER else len(_ORDER), name


def _describe_run(run: Row, config_columns: list[str]) -> dict[Hashable, Any]:
    said = [(name, run[name]) for name in (*_KEYS, *config_columns) if name in run and not is_null(run[name])]
    reason = f"reason: {run['reason']}\n" if text(run["reason"]) and run["status"] != "done" else ""
    return {
        **{
            name: run[name]
            for name in ("row", "run_id", "experiment", "arm", "setting", "repetition", "status")
        },
        "accuracy": number(run["score_percent"], 2),
        "gain": signed(run["gain_points"], 2),
        "seconds": number(run["seconds"]),
        "details": reason + "\n".join(f"{name}: {value}" for name, value in said),
    }
