"""What a report shows of stage three: what it costs, whom it harms, what its weightings did, and how it went."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.report.figures.learning_curves import (
    learning_curves,
    learning_curves_info,
    plot_learning_curves,
)
from detaux.report.frames import (
    cost_frame,
    curve_frame,
    gain_frame,
    relation_frame,
    runs_frame,
    weighting_points,
)
from detaux.report.page.missing import say_missing_classes
from detaux.report.page.weightings import say_solver_failures
from detaux.report.results import CURVE_COLUMNS, load_results
from detaux.report.tables.costs import costs
from detaux.report.tables.gain_by_arm import gain_by_arm
from detaux.report.tables.weighting import weighting
from detaux.report.wording import NOTHING

Collected = Any
"""A `MadeUp` of this folder's conftest.py."""
COMMITTED = Path(__file__).parents[2] / "results" / "quickstart"


def test_a_step_is_set_beside_that_of_the_single_task_run_of_the_same_repetition(
    made_up: Collected, tmp_path: Path
) -> None:
    made_up.add("stl", [0.5] * 3, seconds=10.0)
    made_up.add("random", [0.5] * 3, seconds=20.0, peak_device_bytes=5 << 20)
    for run, milliseconds in zip(made_up.runs, [10, 20, 40, 15, 50, 40], strict=True):
        run["step_seconds"] = milliseconds / 1000
        run["peak_memory_bytes"] = (100 + milliseconds) << 20
    frame = cost_frame(made_up.results(tmp_path)).set_index("arm")
    assert list(frame.loc["stl", ["seconds", "step_ms", "step_ratio"]]) == pytest.approx([10, 20, 1])
    assert list(frame.loc["random", ["seconds", "step_ms", "step_ratio"]]) == pytest.approx([20, 40, 1.5])
    assert frame["peak_memory_mib"].tolist() == [140, 150]
    assert frame.loc["random", "peak_device_mib"] == 5


def test_costs_tell_what_is_added_and_count_runs_that_are_done(made_up: Collected, tmp_path: Path) -> None:
    made_up.add("stl", [0.5, 0.5], measured={"added_parameters": 0, "added_flops": 0})
    made_up.add("random", [0.5, None], measured={"added_parameters": 12_345, "added_flops": 2_500_000})
    made_up.add("oracle", [None, None])
    table = costs(made_up.results(tmp_path))
    shown = [dict(zip([column.title for column in table.columns], row, strict=True)) for row in table.cells()]
    added = [(row["Parameters added, thousands"], row["FLOPs added, millions"], row["n"]) for row in shown]
    assert added == [("0.0", "0.00", "2"), ("+12.3", "+2.50", "1"), (NOTHING, NOTHING, "0")]


def test_what_is_not_known_of_costs_has_no_column(made_up: Collected, tmp_path: Path) -> None:
    made_up.add("stl", [0.5])
    titles = [column.title for column in costs(made_up.results(tmp_path)).columns]
    assert titles == ["Experiment", "Arm", "Setting", "Seconds a run", "Memory, MiB", "n"]
    made_up.runs = [{**run, "seconds": None, "peak_memory_bytes": None} for run in made_up.runs]
    assert len(costs(made_up.results(tmp_path)).columns) == 4


def test_harmed_runs_are_counted(made_up: Collected, tmp_path: Path) -> None:
    made_up.add("stl", [0.5, 0.5, 0.5])
    made_up.add("random", [0.6, 0.5, 0.4])
    made_up.add("oracle", [None, None, None])
    table = gain_by_arm(made_up.results(tmp_path))
    place = [column.title for column in table.columns].index("Runs harmed")
    assert [row[place] for row in table.cells()] == [NOTHING, "1 of 3", NOTHING]


def test_auxiliary_accuracy_is_the_mean_over_tasks_and_runs(made_up: Collected, tmp_path: Path) -> None:
    made_up.add("stl", [0.5, 0.5])
    assert "Auxiliary accuracy, %" not in [
        column.title for column in gain_by_arm(made_up.results(tmp_path)).columns
    ]
    made_up.add("oracle", [0.5, 0.5], measured={"auxiliary_accuracy": 0.4, "auxiliary_2_accuracy": 0.8})
    made_up.add("random", [0.5, 0.5])
    results = made_up.results(tmp_path)
    frame = gain_frame(results).set_index("arm")["auxiliary_percent"]
    assert frame["oracle"] == pytest.approx(60)
    assert frame.drop("oracle").isna().all()
    table = gain_by_arm(results)
    place = [column.title for column in table.columns].index("Auxiliary accuracy, %")
    assert [row[place] for row in table.cells()] == [NOTHING, "60.0", NOTHING]


def _add_weighted(made_up: Collected) -> None:
    made_up.add("stl", [0.5] * 3)
    for weights in ("equal", "tuned"):
        column = {"learn.weighting.name": weights}
        made_up.add("detaux", [0.6] * 3, strength=1.0, models=list("abc"), **column)
    chosen = [run for run in made_up.runs if run.get("learn.weighting.name") == "tuned"]
    for run, weight, failures in zip(chosen, [0.1, 0.3, 1.0], [0, 12, 3], strict=True):
        made_up._score(run, "learn", "train", {"weighting.weight_auxiliary": weight})
        made_up._score(run, "learn", "train", {"weighting.solver_failures_mean_taken": failures})


def test_weights_that_were_chosen_are_shown_with_their_range(made_up: Collected, tmp_path: Path) -> None:
    _add_weighted(made_up)
    table = weighting(made_up.results(tmp_path))
    titles = ["Weight auxiliary", "Solver failures mean taken", "Runs"]
    assert [column.title for column in table.columns[3:]] == titles
    assert table.cells() == [["digits", "detaux", "weighting tuned", "0.3 (0.1 to 1)", "3 (0 to 12)", "3"]]


def test_solvers_that_failed_are_told_of(made_up: Collected, tmp_path: Path) -> None:
    _add_weighted(made_up)
    (caution,) = say_solver_failures(weighting_points(made_up.results(tmp_path)))
    assert caution == (
        "digits, detaux (weighting tuned): the weighting's solver failed in 15 steps of 2 of 3 runs, which took the mean of "
        "the tasks' gradients instead."
    )
    made_up.scores = [score | {"value": 0.0} for score in made_up.scores]
    assert not say_solver_failures(weighting_points(made_up.results(tmp_path)))


def test_classes_without_a_test_image_are_told_of(made_up: Collected, tmp_path: Path) -> None:
    made_up.add("stl", [0.5, 0.5])
    made_up.add("stl", [0.5], dataset="other")
    assert not say_missing_classes(runs_frame(results := made_up.results(tmp_path)), results.scores)
    for run in made_up.runs[:2]:
        made_up._score(run, "learn", "test", {"missing_classes": 2.0})
    results = made_up.results(tmp_path)
    assert say_missing_classes(runs_frame(results), results.scores) == [
        "digits: the test split has no image of 2 classes that training images have."
    ]


def test_the_page_has_all_of_it(made_up_report: Path) -> None:
    text = made_up_report.read_text()
    for said in (
        "the weighting&#39;s solver failed in 5 steps of 5 of 5 runs",
        "runs that share a machine slow each other down",
        'id="figure-learning_curves"',
        "Cosine of auxiliary and principal gradients",
    ):
        assert said in text, said
    section = re.search(r'<section id="costs".*?</section>', text, re.DOTALL)
    assert section is not None
    assert 'id="figure-learning_curves"' in section[0]


def test_curves_are_drawn_one_line_a_run_and_their_mean(made_up: Collected, tmp_path: Path) -> None:
    made_up.add("stl", [0.5, 0.5])
    made_up.add("random", [0.5, 0.5])
    made_up.add_curves(steps=(10, 20))
    made_up.curves[0]["value"] = 0.5
    curves, more = learning_curves_info(made_up.results(tmp_path))
    assert more == 0
    ax = plot_learning_curves(curves[curves["arm"] == "stl"])
    *runs, mean = (np.asarray(line.get_xydata()).tolist() for line in ax.lines)
    assert runs == [[[10, 0.5], [20, 0.05]], [[10, 0.1], [20, 0.05]]]
    assert np.allclose(mean, [[10, 0.3], [20, 0.05]])
    assert len(plot_learning_curves(curves[curves["arm"] == "random"]).lines) == 2 * 3


def test_cosines_have_a_scale_of_their_own_and_ratios_are_not_drawn(
    made_up: Collected, tmp_path: Path
) -> None:
    made_up.add("random", [0.5])
    made_up.add_curves(steps=(10, 20))
    row = {"run_id": made_up.runs[0]["run_id"], "step": 10, "value": -0.5}
    made_up.curves += [{**row, "term": "gradient_cosine"}, {**row, "term": "gradient_ratio"}]
    results = made_up.results(tmp_path)
    assert "gradient_ratio" in set(curve_frame(results)["term"])
    curves, _ = learning_curves_info(results)
    losses, cosine = plot_learning_curves(curves).figure.axes
    assert len(losses.lines) == 2 * 2
    assert cosine.get_ylim() == (-1, 1)
    assert "below 0 they conflict" in learning_curves(results).caption


def test_arms_beyond_what_a_figure_holds_are_counted(made_up: Collected, tmp_path: Path) -> None:
    for place in range(27):
        made_up.add(f"arm{place}", [0.5])
    made_up.add_curves()
    drawing = learning_curves(made_up.results(tmp_path))
    assert drawing.caption.endswith("3 more arms and settings not drawn.")
    assert drawing.figure is not None
    assert sum(ax.axison for ax in drawing.figure.axes) == 24


def test_places_without_a_panel_stay_empty(made_up: Collected, tmp_path: Path) -> None:
    for place in range(4):
        made_up.add(f"arm{place}", [0.5])
    made_up.add_curves()
    drawing = learning_curves(made_up.results(tmp_path))
    assert drawing.figure is not None
    assert [ax.axison for ax in drawing.figure.axes] == [True] * 4 + [False] * 2
    assert "not drawn" not in drawing.caption


def test_gain_is_set_beside_the_conflict_of_each_run(made_up: Collected, tmp_path: Path) -> None:
    made_up.add("stl", [0.5] * 5)
    made_up.add("detaux", [0.51, 0.52, 0.53, 0.54, 0.55], strength=1.0, models=list("aabbb"))
    made_up.add("random", [0.4] * 5, measured={"gradient_cosine": -0.9})
    discovered = [run for run in made_up.runs if run["arm"] == "detaux"]
    for run, cosine in zip(discovered, [0.5, 0.4, 0.3, 0.2, 0.1], strict=True):
        made_up._score(run, "learn", "train", {"gradient_cosine": cosine})
    frame = relation_frame(made_up.results(tmp_path))
    assert list(frame["metric"]) == ["gradient_cosine"]
    assert (frame["runs"].item(), frame["models"].item(), frame["groups"].item()) == (5, 2, 2)
    assert not frame["enough"].item()
    for run, model in zip(discovered, "abcde", strict=True):
        run["disentangle_key"] = model
    assert relation_frame(made_up.results(tmp_path))["rho"].item() == pytest.approx(-1)


def test_results_of_older_versions_are_read(tmp_path: Path) -> None:
    """As committed, once all is taken away that older versions did not collect."""
    results = load_results(COMMITTED)
    new = results.scores["name"].str.contains("weighting|flops|parameters|gradient|auxiliary_")
    results.scores[~new].to_parquet(tmp_path / "scores.parquet")
    runs = results.runs.drop(columns=["step_seconds", "peak_device_bytes"], errors="ignore")
    runs.to_parquet(tmp_path / "runs.parquet")
    (tmp_path / "suite.json").write_bytes((COMMITTED / "suite.json").read_bytes())
    old = load_results(tmp_path)
    assert tuple(old.curves.columns) == CURVE_COLUMNS
    assert "Seconds a run" in [column.title for column in costs(old).columns]
    assert weighting(old).frame.empty
    assert not say_solver_failures(weighting_points(old))
    assert learning_curves(old).caption == "No run has kept the course of its losses."
    assert "Auxiliary accuracy, %" not in [column.title for column in gain_by_arm(old).columns]
    assert "gradient_cosine" not in set(relation_frame(old)["metric"])
