from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from detaux.core.errors import DataError
from detaux.report.frames import (
    agreement_frame,
    disentanglement_frame,
    gain_frame,
    relation_frame,
    runs_frame,
    status_frame,
    task_frame,
    unfinished_frame,
)
from detaux.report.frames.relation import independent_groups
from detaux.report.notes import comparison_notes, method_notes, no_task_notes
from detaux.report.results import load_results


def test_gain_is_paired_by_repetition_in_points(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.80, 0.70, 0.90])
    made_up.add("random", [0.85, 0.70, 0.88])
    frame = gain_frame(made_up.results(tmp_path)).set_index("arm").to_dict("index")
    random = frame["random"]
    assert random["gain_points"] == pytest.approx((5 + 0 - 2) / 3)
    assert (random["wins"], random["ties"], random["losses"]) == (1, 1, 1)
    assert random["harmed_share"] == pytest.approx(1 / 3)
    assert random["score_percent"] == pytest.approx(81)
    assert frame["stl"]["n"] == 0
    assert np.isnan(frame["stl"]["gain_points"])


def test_pairs_only_within_an_experiment(made_up: Any, tmp_path: Path) -> None:
    for size, base in ((200, 0.4), (1000, 0.8)):
        made_up.add("stl", [base], **{"learn.train_size": size})
        made_up.add("random", [base + 0.01], **{"learn.train_size": size})
    runs = runs_frame(made_up.results(tmp_path))
    assert list(runs.loc[runs["arm"] == "random", "gain_points"]) == pytest.approx([1, 1])


def test_no_interval_under_three_runs(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5, 0.6, 0.7])
    made_up.add("random", [0.6, 0.8, None])
    row = gain_frame(made_up.results(tmp_path)).iloc[1]
    assert row["n"] == 2
    assert row["gain_points"] == pytest.approx(15)
    assert np.isnan(row["gain_low"])
    assert np.isnan(row["gain_high"])
    assert np.isnan(row["p"])


def test_interval_lies_about_the_mean_and_is_the_same_each_time(made_up_suite: Any, tmp_path: Path) -> None:
    results = made_up_suite.results(tmp_path)
    frame = gain_frame(results)
    known = frame[frame["gain_low"].notna()]
    assert (known["gain_low"] <= known["gain_points"] + 1e-9).all()
    assert (known["gain_points"] <= known["gain_high"] + 1e-9).all()
    pd.testing.assert_frame_equal(frame, gain_frame(results))


def test_runs_that_share_a_stage_one_model_are_no_independent_evidence(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5] * 6)
    made_up.add("random", [0.51, 0.52, 0.53, 0.54, 0.55, 0.56])
    made_up.add("detaux", [0.51, 0.52, 0.53, 0.54, 0.55, 0.56], strength=1.0, models=list("aabbcc"))
    frame = gain_frame(made_up.results(tmp_path)).set_index("arm").to_dict("index")
    assert not frame["random"]["shared_models"]
    assert frame["detaux"]["shared_models"]
    assert (frame["detaux"]["models"], frame["detaux"]["units"]) == (3, 3)
    assert frame["random"]["p"] == pytest.approx(2 / 2**6)
    assert frame["detaux"]["p"] == pytest.approx(2 / 2**3)
    assert frame["detaux"]["gain_high"] - frame["detaux"]["gain_low"] > (
        frame["random"]["gain_high"] - frame["random"]["gain_low"]
    )


def test_one_stage_one_model_makes_a_conditional_interval(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5] * 4)
    made_up.add("detaux", [0.51, 0.52, 0.53, 0.54], strength=1.0, models=list("aaaa"))
    row = gain_frame(made_up.results(tmp_path)).iloc[1]
    assert row["conditional"]
    assert row["p"] == pytest.approx(2 / 2**4)


def test_holm_counts_every_comparison(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5] * 5)
    made_up.add("random", [0.6, 0.61, 0.62, 0.63, 0.64])
    made_up.add("oracle", [0.6, 0.61, 0.62, 0.63, 0.64])
    frame = gain_frame(made_up.results(tmp_path))
    assert list(frame["p"].dropna()) == pytest.approx([1 / 16, 1 / 16])
    assert list(frame["p_holm"].dropna()) == pytest.approx([1 / 8, 1 / 8])


def test_failed_and_missing_runs_stay_visible(made_up_suite: Any, tmp_path: Path) -> None:
    results = made_up_suite.results(tmp_path)
    frame = gain_frame(results).set_index(["experiment", "arm", "setting"]).to_dict("index")
    some = frame["digits", "detaux", "strength 0"]
    assert [some[name] for name in ("planned", "done", "no_auxiliary_task", "n")] == [5, 3, 2, 3]
    assert frame["shapes3d (rendered data)", "oracle", ""]["missing"] == 1
    assert len(unfinished_frame(results)) == 7
    assert set(unfinished_frame(results)["status"]) == {"missing", "error", "no_auxiliary_task"}
    counts = status_frame(results)
    assert (
        counts[["done", "no_auxiliary_task", "error", "skipped", "missing"]].sum().sum()
        == counts["planned"].sum()
    )


def test_an_arm_without_one_finished_run_keeps_its_row(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5, 0.5])
    made_up.add("random", [None, None], status="skipped", reason="the stage before it failed")
    row = gain_frame(made_up.results(tmp_path)).iloc[1]
    assert (row["n"], row["skipped"]) == (0, 2)


def test_best_factor_is_never_a_principal_one(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5], dataset="shapes3d:rendered")
    nmi = {"auxiliary.nmi.shape": 0.9, "auxiliary.nmi.wall_hue": 0.7, "auxiliary.nmi.scale": 0.2}
    made_up.add(
        "detaux",
        [0.5],
        dataset="shapes3d:rendered",
        strength=1.0,
        models=["a"],
        measured={**nmi, "num_clusters": 9, "chosen_subspace": 2},
    )
    results = made_up.results(tmp_path)
    row = task_frame(results).iloc[0]
    assert (row["best_factor"], row["best_nmi"]) == ("wall_hue", 0.7)
    assert (row["num_clusters"], row["chosen_subspace"]) == (9, 2)
    assert agreement_frame(results).iloc[0]["shape"] == pytest.approx(0.9)


def test_a_stage_one_model_has_one_row_however_many_runs_use_it(made_up_suite: Any, tmp_path: Path) -> None:
    frame = disentanglement_frame(made_up_suite.results(tmp_path))
    assert frame["model"].is_unique
    assert len(frame) == 6 + 2 + 1
    assert frame["dci_extra_trees.block.disentanglement"].notna().sum() == 6 + 1 + 1


def test_correlation_needs_enough_stage_one_models(made_up: Any, tmp_path: Path) -> None:
    for dataset, models in (("digits", "aab"), ("other", "abcde")):
        made_up.add("stl", [0.5] * len(models), dataset=dataset)
        accuracies = [0.5 + place / 100 for place in range(len(models))]
        made_up.add(
            "detaux",
            accuracies,
            dataset=dataset,
            strength=1.0,
            models=list(models),
            measured={"mig.block": 0.1},
        )
    frame = relation_frame(made_up.results(tmp_path)).set_index("experiment").to_dict("index")
    assert [frame["digits"][name] for name in ("runs", "models", "enough")] == [3, 2, False]
    assert pd.isna(frame["digits"]["rho"])
    assert frame["other"]["rho"] == pytest.approx(1)


def test_results_that_are_missing_or_of_another_form_are_named(made_up: Any, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"runs\.parquet"):
        load_results(tmp_path / "nowhere")
    made_up.add("stl", [0.5])
    made_up.runs[0].pop("learn_key")
    with pytest.raises(DataError, match="lacks the columns learn_key"):
        load_results(made_up.save(tmp_path))


def test_runs_that_share_a_repetition_or_a_model_are_one_group() -> None:
    points = pd.DataFrame({"model": list("abcdde"), "repetition": [0, 0, 1, 1, 2, 3]})
    assert independent_groups(points).tolist() == [0, 0, 2, 2, 2, 5]


def test_runs_without_a_task_count_as_gain_0_beside_the_mean(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5, 0.5, 0.5, 0.5])
    made_up.add(
        "detaux", [0.6, 0.7, None, None], strength=1.0, models=list("abcd"), status="no_auxiliary_task"
    )
    made_up.add("random", [0.4, None, None, 0.4], status="error")
    frame = gain_frame(made_up.results(tmp_path))
    detaux, random = (frame.set_index("arm").loc[name] for name in ("detaux", "random"))
    assert (detaux["n"], detaux["counted_n"], random["counted_n"]) == (2, 4, 0)
    assert (detaux["gain_points"], detaux["counted_points"]) == pytest.approx((15, 7.5))
    assert 0 <= detaux["counted_low"] <= 7.5 <= detaux["counted_high"] <= 20
    (note,) = no_task_notes(frame)
    assert "digits, detaux: +7.5 [" in note
    assert "over 4 runs, 2 of them without a task" in note
    assert "random" not in note


def test_says_the_smallest_p_that_so_few_runs_can_reach(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5] * 3)
    made_up.add("random", [0.6, 0.61, 0.62])
    made_up.add("oracle", [0.6, 0.7, 0.8])
    frame = gain_frame(made_up.results(tmp_path))
    assert list(frame["smallest_p"].dropna()) == list(frame["p"].dropna()) == [0.25, 0.25]
    (note,) = comparison_notes(frame)
    assert (
        "is 0.25, and 0.50 after the correction: too few for any difference to be significant at 0.05" in note
    )


def test_rows_whose_stage_one_saw_test_images_are_marked(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5] * 3)
    for variant, models in (("as_described", "abc"), ("as_released", "def")):
        column = {"disentangle.method.variant": variant}
        made_up.add("detaux", [0.6] * 3, strength=1.0, models=list(models), **column)
    results = made_up.results(tmp_path)
    settings = ["variant as_described", "variant as_released, saw the test images"]
    assert list(gain_frame(results)["setting"]) == ["", *settings]
    assert settings[1] in set(disentanglement_frame(results)["options"])


def test_notes_tell_of_test_images_only_where_stage_one_saw_them() -> None:
    assert "test images" not in " ".join(method_notes(saw_test_images=False)).replace(
        "training, validation and test images", ""
    )
    assert "is no test on unseen images" in " ".join(method_notes(saw_test_images=True))
