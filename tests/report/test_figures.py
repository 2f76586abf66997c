from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.figure import Figure

from detaux.report.drawing import FAINT, inline_svg, to_png, to_svg
from detaux.report.figures.gain_by_arm import gain_by_arm_info, plot_gain_by_arm
from detaux.report.lanes import color_settings, place_lanes
from detaux.report.registries import figures


@pytest.mark.parametrize("name", figures.names())
def test_draws_without_warnings_and_marks_rendered_data(
    name: str, made_up_suite: Any, tmp_path: Path
) -> None:
    drawing = figures.get(name)(made_up_suite.results(tmp_path))
    assert drawing.figure is not None
    svg = to_svg(drawing.figure)
    assert "shapes3d (rendered data)" in svg
    assert to_png(drawing.figure).startswith(b"\x89PNG")
    assert drawing.alt


@pytest.mark.parametrize("name", figures.names())
def test_says_why_there_is_nothing_to_draw(name: str, made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [None, None])
    made_up.add("random", [0.5, None])
    made_up.runs = [run | {"status": "missing"} for run in made_up.runs]
    drawing = figures.get(name)(made_up.results(tmp_path))
    assert drawing.figure is None
    assert drawing.caption


def test_draws_on_given_axes_one_mark_a_run(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5, 0.6, 0.7])
    made_up.add("random", [0.6, 0.65, 0.7])
    arms, runs = gain_by_arm_info(made_up.results(tmp_path))
    ax = Figure().subplots()
    assert plot_gain_by_arm(arms, runs, ax=ax) is ax
    dots, mean = (np.asarray(collection.get_offsets()) for collection in ax.collections)
    assert sorted(dots[:, 0]) == pytest.approx([0, 5, 10])
    assert mean[:, 0] == pytest.approx([5])


def test_gain_shows_settings_by_colour_zero_by_its_accuracy_and_the_numbers(
    made_up: Any, tmp_path: Path
) -> None:
    made_up.add("stl", [0.5, 0.6, 0.7], dataset="shapes3d:rendered")
    for strength, models in ((0.0, list("abc")), (1.0, list("def"))):
        accuracies = [0.6, 0.65, None if strength else 0.7]
        made_up.add("detaux", accuracies, dataset="shapes3d:rendered", strength=strength, models=models)
    arms, runs = gain_by_arm_info(made_up.results(tmp_path))
    ax = plot_gain_by_arm(arms, runs)
    said = {text.get_text() for text in ax.texts}
    assert {"single-task learning, 60.0 %", "+5.0", "+7.5", "n = 2 of 3"} <= said
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "detaux (strength 0)",
        "detaux (strength 1)",
    ]
    dots = [np.asarray(collection.get_facecolor()).tobytes() for collection in ax.collections[::2]]
    assert len(set(dots)) == 2
    assert "percentage points" in ax.get_xlabel()
    assert "rendered data" in ax.get_title(loc="left") or "rendered data" in ax.get_title()


def test_lanes_of_an_arm_stand_together() -> None:
    one, two, three = place_lanes(["detaux", "detaux", "random"])
    assert one == 0
    assert two - one < three - two


def test_settings_keep_their_colour_and_none_is_grey() -> None:
    colors = color_settings(["", "strength 0", "strength 1", "strength 0"])
    assert colors[""] == FAINT
    assert len(set(colors.values())) == 3


def test_the_same_figure_is_the_same_file(made_up_suite: Any, tmp_path: Path) -> None:
    results = made_up_suite.results(tmp_path)
    first, second = (figures.get("gain_by_arm")(results).figure for _ in range(2))
    assert first is not None
    assert second is not None
    assert to_svg(first) == to_svg(second)


def test_inline_svg_stands_alone_in_a_page() -> None:
    figure = Figure()
    figure.subplots().plot([0, 1], [0, 1])
    inline = inline_svg(to_svg(figure), name="lines", alt='a "line"')
    root = ET.fromstring(inline)  # noqa: S314 - our own text
    assert root.get("aria-label") == 'a "line"'
    assert "http" not in inline
    assert all(element.get("id", "lines-").startswith("lines-") for element in root.iter())
