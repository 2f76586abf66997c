from __future__ import annotations

from pathlib import Path
from typing import Any

from detaux.report.labels import label_runs, short_names


def test_names_what_a_suite_varies_and_nothing_else(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5])
    for strength in (2.0, 0.5):
        made_up.add("detaux", [0.5], strength=strength, models=["a"])
    runs = label_runs(made_up.results(tmp_path))
    assert list(runs["setting"]) == ["", "strength 0.5", "strength 2"]
    assert set(runs["experiment"]) == {"digits"}
    assert list(runs["role"]) == ["baseline", "discovered", "discovered"]


def test_what_all_arms_share_makes_an_experiment(made_up: Any, tmp_path: Path) -> None:
    for size in (1000, 200):
        made_up.add("stl", [0.5], **{"learn.train_size": size})
    runs = label_runs(made_up.results(tmp_path))
    assert list(runs["experiment"]) == ["digits, train size 200", "digits, train size 1000"]


def test_rendered_data_are_marked(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5], dataset="shapes3d:rendered")
    assert label_runs(made_up.results(tmp_path))["experiment"].item() == "shapes3d (rendered data)"


def test_short_names_still_tell_columns_apart() -> None:
    assert short_names(["learn.weighting.name", "data.split.seed", "data.noise.seed"]) == [
        "weighting",
        "split seed",
        "noise seed",
    ]


def test_variants_of_a_suite_are_not_thrown_together(made_up: Any, tmp_path: Path) -> None:
    for variant in ("small", "large"):
        made_up.add("stl", [0.5, 0.6], variant=variant)
    runs = label_runs(made_up.results(tmp_path))
    assert list(runs["experiment"].unique()) == ["digits, variant large", "digits, variant small"]
