"""Which runs are set against which: discovered labels and all others."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from detaux.report.frames import control_frame


def test_controls_are_paired_with_the_labels_they_shuffle(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5, 0.5, 0.5])
    for strength in (0.0, 1.0):
        made_up.add("detaux", [0.6 + strength / 10] * 3, strength=strength, models=list("abc"))
        made_up.add("shuffled", [0.4] * 3, strength=strength, models=list("abc"))
    made_up.add("random", [0.3] * 3)
    frame = (
        control_frame(made_up.results(tmp_path))
        .set_index(["setting", "control", "control_setting"])
        .to_dict("index")
    )
    assert set(frame) == {
        ("strength 0", "shuffled", "strength 0"),
        ("strength 1", "shuffled", "strength 1"),
        ("strength 0", "random", ""),
        ("strength 1", "random", ""),
    }
    assert frame[("strength 1", "shuffled", "strength 1")]["gain_points"] == pytest.approx(30)
    assert frame[("strength 0", "random", "")]["gain_points"] == pytest.approx(30)


def test_controls_are_compared_within_a_weighting(made_up: Any, tmp_path: Path) -> None:
    for weighting in ("equal", "pcgrad"):
        config = {"learn.weighting.name": weighting}
        made_up.add("stl", [0.5] * 3, **config)
        made_up.add("random", [0.4] * 3, **config)
        made_up.add("detaux", [0.6] * 3, strength=1.0, models=list("abc"), **config)
    assert len(control_frame(made_up.results(tmp_path))) == 2


def test_blind_labels_are_compared_with_as_many_tasks(made_up: Any, tmp_path: Path) -> None:
    """Where no arm of discovered labels has one task alone, none shares its stage two with blind labels of one."""
    made_up.add("stl", [0.5] * 3)
    for arm, source, tasks in (("two", "discovered", 2), ("random", "random", 1), ("more", "random", 2)):
        config = {"learn.auxiliary.name": source, "discover.tasks": tasks}
        made_up.add(arm, [0.6] * 3, strength=1.0, models=list("abc"), **config)
        for run in made_up.runs[-3:]:
            run["discover_key"] = f"{run['discover_key']} {tasks} {source}"
    assert set(control_frame(made_up.results(tmp_path))["control"]) == {"more"}


def test_numbers_of_tasks_that_both_sweep_are_paired(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5] * 3)
    for arm, tasks in itertools.product(("detaux", "random"), (2, 3)):
        config = {"learn.auxiliary.name": "discovered" if arm == "detaux" else arm, "discover.tasks": tasks}
        made_up.add(arm, [0.6] * 3, strength=1.0, models=list("abc"), **config)
        for run in made_up.runs[-3:]:
            run["discover_key"] = f"{run['discover_key']} {tasks} {arm}"
    frame = control_frame(made_up.results(tmp_path))
    assert len(frame) == 2
    assert list(frame["setting"]) == list(frame["control_setting"])


def _against(frame: pd.DataFrame) -> set[tuple[str, str, str]]:
    return set(frame[["setting", "control", "control_setting"]].itertuples(index=False, name=None))


def test_clusters_of_the_same_model_are_compared_with_that_models(made_up: Any, tmp_path: Path) -> None:
    clustering = "discover.clustering.name"
    made_up.add("stl", [0.5] * 3)
    for strength, models, rule in itertools.product((0.0, 1.0), ("abc",), ("kmeans", "hdbscan")):
        column = {clustering: rule}
        made_up.add("detaux", [0.6] * 3, strength=strength, models=list(models), **column)
        worst = {"learn.auxiliary.name": "worst"}
        made_up.add("worst", [0.4] * 3, strength=strength, models=list(models), **column, **worst)
    for run in made_up.runs:  # each its own stage two, on models that arms share
        run["discover_key"] = run["discover_key"] and f"{run['discover_key']} {run['arm']} {run[clustering]}"
    frame = control_frame(made_up.results(tmp_path))
    settings = [
        f"strength {strength}, clustering {rule}" for strength in "01" for rule in ("kmeans", "hdbscan")
    ]
    assert _against(frame) == {(setting, "worst", setting) for setting in settings}
    assert set(frame["n"]) == {3}


def test_clusters_without_that_model_are_compared_with_all(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5] * 3)
    for strength, models in ((0.0, "abc"), (1.0, "def")):
        made_up.add("detaux", [0.6] * 3, strength=strength, models=list(models))
    made_up.add("pixels", [0.4] * 3, models=list("ppp"), **{"learn.auxiliary.name": "pixels"})
    made_up.add("maxl", [0.4] * 3, **{"learn.auxiliary.name": "maxl"})
    frame = control_frame(made_up.results(tmp_path))
    assert _against(frame) == {
        (f"strength {strength}", other, "") for strength in "01" for other in ("pixels", "maxl")
    }
    assert set(frame["n"]) == {3}


def test_random_labels_in_the_classes_of_discovered_ones_are_compared_with_those(
    made_up: Any, tmp_path: Path
) -> None:
    made_up.add("stl", [0.5] * 3)
    for strength, models in ((0.0, "abc"), (1.0, "def")):
        made_up.add("detaux", [0.6] * 3, strength=strength, models=list(models))
        made_up.add("random", [0.4] * 3, strength=strength, models=list(models))
    assert _against(control_frame(made_up.results(tmp_path))) == {
        (f"strength {strength}", "random", f"strength {strength}") for strength in "01"
    }
