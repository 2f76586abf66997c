from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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


@pytest.mark.parametrize(
    ("auxiliary", "role"),
    [
        ("none", "baseline"),
        ("discovered", "discovered"),
        ("shuffled", "control"),
        ("noise", "control"),
        ("worst", "elsewhere"),
        ("pixels", "elsewhere"),
        ("factor", "true"),
        ("class", "true"),
        ("rotation", "other"),
        ("of_another_package", "other"),
    ],
)
def test_an_arm_stands_for_what_its_task_is_made_of(
    auxiliary: str, role: str, made_up: Any, tmp_path: Path
) -> None:
    made_up.add("some", [0.5], **{"learn.auxiliary.name": auxiliary})
    assert label_runs(made_up.results(tmp_path))["role"].item() == role


def test_options_that_only_one_architecture_has_are_not_named_beside_it(made_up: Any, tmp_path: Path) -> None:
    architecture, experts = "learn.architecture.name", "learn.architecture.num_experts"
    for arm in ("stl", "random"):
        made_up.add(arm, [0.5], **{architecture: "hard_sharing", experts: None})
        made_up.add(arm, [0.5], **{architecture: "mmoe", experts: 4.0})
    runs = label_runs(made_up.results(tmp_path))
    assert list(runs["experiment"].unique()) == [
        "digits, architecture hard_sharing",
        "digits, architecture mmoe",
    ]
    assert set(runs["setting"]) == {""}
    for arm in ("stl", "random"):
        made_up.add(arm, [0.5], **{architecture: "mmoe", experts: 8.0})
    assert list(label_runs(made_up.results(tmp_path))["experiment"].unique()) == [
        "digits, architecture hard_sharing",
        "digits, architecture mmoe, num experts 4",
        "digits, architecture mmoe, num experts 8",
    ]
