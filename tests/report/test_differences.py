"""What a report says of differences that are not the labels' doing: noise, images, machines, a stage one that failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from detaux.report.frames import runs_frame, task_frame
from detaux.report.page.advantage import say_advantage
from detaux.report.page.pairing import say_unlike_pairs
from detaux.report.stage_one import say_agreement

_DATA = {"num_images": {"train": 1000, "validation": 10, "test": 100}}


def _runs(made_up: Any, folder: Path, stage_one: str, stage_three: str) -> Any:
    noise = {"learn.corruption.name": stage_three}
    made_up.add("stl", [0.5], **noise)
    made_up.add(
        "detaux", [0.6], strength=1.0, models=["a"], **noise, **{"disentangle.method.corruption": stage_one}
    )
    return runs_frame(made_up.results(folder))


def test_clean_images_in_stage_one_are_told_of_where_stage_three_has_noise(
    made_up: Any, tmp_path: Path
) -> None:
    said = say_advantage(_runs(made_up, tmp_path, "none", "salt_and_pepper"), _DATA)
    assert "see images as they are, every arm of stage three images under salt-and-pepper" in said
    assert "stage three trains on" not in said


def test_equal_noise_and_equal_images_are_no_difference(made_up: Any, tmp_path: Path) -> None:
    runs = _runs(made_up, tmp_path, "salt_and_pepper", "salt_and_pepper")
    assert say_advantage(runs, _DATA) == "no difference known in noise and number of images"
    assert not say_advantage(runs[runs["role"] == "baseline"], _DATA)


def test_images_that_stage_three_lacks_are_counted(made_up: Any, tmp_path: Path) -> None:
    runs = _runs(made_up, tmp_path, "none", "none").assign(**{"learn.train_size": 300})
    assert "stage one sees 1,000 images, stage three trains on 300" in say_advantage(runs, _DATA)
    released = runs.assign(**{"disentangle.method.variant": "as_released"})
    assert "stage one sees 1,110 images" in say_advantage(released, _DATA)


def test_results_that_do_not_tell_of_noise_are_read(made_up: Any, tmp_path: Path) -> None:
    made_up.add("detaux", [0.6], strength=1.0, models=["a"])
    assert "no difference known" in say_advantage(runs_frame(made_up.results(tmp_path)), {})


def test_pairs_of_unlike_precision_are_warned_of(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5, 0.5], precision="float32")
    made_up.add("random", [0.5, 0.5], precision="float32")
    made_up.add("detaux", [0.6, None], strength=1.0, models=["a", "b"], precision="bfloat16")
    (warning,) = say_unlike_pairs(runs_frame(made_up.results(tmp_path)))
    assert warning.startswith("Pairs differ in precision or device: 1 run with a gain and the single-task")
    assert "were made with bfloat16 against float32." in warning


def test_pairs_made_alike_or_somewhere_unknown_are_not(made_up: Any, tmp_path: Path) -> None:
    for arm, devices in (("stl", "cuda:0"), ("random", "cuda:1"), ("oracle", "auto"), ("shuffled", None)):
        made_up.add(arm, [0.5], device=devices)
    runs = runs_frame(made_up.results(tmp_path))
    assert not say_unlike_pairs(runs)
    assert not say_unlike_pairs(runs.drop(columns="device"))
    assert not say_unlike_pairs(runs.assign(device=None, precision=float("nan")))


def test_agreement_is_told_by_data_set_and_setting_with_median_and_range(
    made_up: Any, tmp_path: Path
) -> None:
    for strength, model, nmi in ((1.0, "a", 0.3), (1.0, "b", 0.5), (1.0, "c", 0.4), (0.0, "d", 0.1)):
        measured = {"principal_subspace.nmi": nmi, "auxiliary.nmi.principal": 0.2, "dead_subspaces": strength}
        made_up.add("detaux", [0.6], strength=strength, models=[model], measured=measured)
    (sentence,) = say_agreement(task_frame(made_up.results(tmp_path)))
    assert sentence.startswith("digits, how well stage one worked")
    assert (
        "strength 1 (3 discovered tasks): clusters of the principal subspace with the principal label "
        "0.40 (0.30 to 0.50), discovered labels with the principal label 0.20 (0.20 to 0.20), 1 dead subspace in each"
    ) in sentence
    assert "strength 0 (1 discovered task): clusters" in sentence
    assert "best other factor" not in sentence


def test_nothing_is_told_of_tasks_that_were_not_measured(made_up: Any, tmp_path: Path) -> None:
    made_up.add("detaux", [0.6], strength=1.0, models=["a"])
    assert not say_agreement(task_frame(made_up.results(tmp_path)))
