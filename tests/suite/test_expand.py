from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from detaux.pipeline.job import Job
from detaux.suite.expand import Expansion, Run
from detaux.suite.graph import JobGraph

Expand = Callable[..., Expansion]


def _by_arm(expansion: Expansion) -> Counter[str]:
    return Counter(run.arm for run in expansion.runs)


def _strengths(expansion: Expansion, arm: str = "detaux") -> list[tuple[object, object]]:
    names = ("disentangle.method.strength", "disentangle.method.subspaces")
    found = {(run.columns[names[0]], run.columns[names[1]]) for run in expansion.runs if run.arm == arm}
    return sorted(found, key=str)


def test_arms_without_discovery_run_once_a_seed(expanded: Expand) -> None:
    assert _by_arm(expanded()) == {"stl": 2, "detaux": 4, "random": 4, "shuffled": 4}


def test_stage_one_is_shared_between_arms(expanded: Expand) -> None:
    counts = expanded().graph.count_by_stage()
    assert counts == {"data": 1, "disentangle": 4, "discover": 4, "measure": 4, "learn": 14}


def test_axes_multiply_everywhere(expanded: Expand) -> None:
    expansion = expanded(
        """
        data: {image_size: [16, 32]}
        disentangle: {subspaces: [3, 4]}
        discover: {clustering: [hdbscan, {name: kmeans, num_clusters: [3, 4]}]}
        learn: {steps: [10, 20]}
        """
    )
    assert _by_arm(expansion) == {"stl": 8, "detaux": 2 * 2 * 4 * 3 * 2, "random": 96, "shuffled": 96}
    found = {
        (r.columns["discover.clustering.name"], r.columns.get("discover.clustering.num_clusters"))
        for r in expansion.runs
        if r.arm == "detaux"
    }
    assert found == {("hdbscan", None), ("kmeans", 3), ("kmeans", 4)}


def test_lists_of_lists_are_axes_of_list_options(expanded: Expand) -> None:
    one = expanded("data: {principal: [class]}")
    two = expanded("learn: {backbone: {name: small_cnn, widths: [[8, 8, 8], [16, 16, 16]]}}")
    assert {tuple(run.columns["data.principal"]) for run in one.runs} == {("class",)}
    assert {tuple(run.columns["learn.backbone.widths"]) for run in two.runs} == {(8, 8, 8), (16, 16, 16)}


def test_zipped_axes_advance_together(expanded: Expand) -> None:
    expansion = expanded(
        "disentangle: {subspaces: [3, 4]}\nzip: [[disentangle.strength, disentangle.subspaces]]"
    )
    assert _strengths(expansion) == [(0, 3), (1, 4)]


def test_axes_zip_across_blocks(expanded: Expand) -> None:
    expansion = expanded(
        "discover: {noise: [ignore, nearest]}\nzip: [[disentangle.strength, discover.noise]]"
    )
    found = {
        (r.columns["disentangle.method.strength"], r.columns["discover.noise"])
        for r in expansion.runs
        if r.arm == "detaux"
    }
    assert found == {(0, "ignore"), (1, "nearest")}


def test_excluded_settings_are_left_out(expanded: Expand) -> None:
    expansion = expanded(
        "disentangle: {subspaces: [3, 4]}\nexclude: [{disentangle.strength: 0, disentangle.subspaces: 4}]"
    )
    assert _strengths(expansion) == [(0, 3), (1, 3), (1, 4)]


def test_excluding_for_one_arm_leaves_the_others(expanded: Expand) -> None:
    expansion = expanded("exclude: [{disentangle.strength: 0, arm: detaux}]")
    assert _strengths(expansion) == [(1, 3)]
    assert _strengths(expansion, "shuffled") == [(0, 3), (1, 3)]


def test_included_rows_come_beside_the_product(expanded: Expand) -> None:
    expansion = expanded("include: [{disentangle.strength: 8, disentangle.subspaces: 5}]")
    assert _strengths(expansion) == [(0, 3), (1, 3), (8, 5)]
    assert _by_arm(expansion)["stl"] == 2


def test_variants_replace_blocks(expanded: Expand) -> None:
    expansion = expanded(
        """
        variants:
          small: {data: {image_size: 16}, learn: {steps: 20}}
          large: {seeds: 3}
        """
    )
    assert Counter((run.variant, run.arm) for run in expansion.runs)["large", "stl"] == 3
    small = [run for run in expansion.runs if run.variant == "small"]
    assert {run.columns["data.dataset.image_size"] for run in small} == {16}
    assert {run.columns["learn.steps"] for run in small} == {20}


def test_methods_may_be_an_axis_and_a_list(expanded: Expand) -> None:
    axis = expanded("disentangle: {method: [detaux, autoencoder], strength: 0}")
    listed = expanded(
        "disentangle: [{method: detaux, strength: 0, subspaces: 3}, {method: autoencoder, subspaces: 3}]"
    )
    assert {run.run_id for run in axis.runs} == {run.run_id for run in listed.runs}
    names = {run.columns.get("disentangle.method.name") for run in axis.runs}
    assert names == {None, "detaux", "autoencoder"}


def test_fewer_seeds_of_stage_one_are_used_in_turn(expanded: Expand) -> None:
    expansion = expanded("seeds: 5\ndisentangle: {seeds: 2, strength: 1}")
    runs = [run for run in expansion.runs if run.arm == "detaux"]
    assert [run.stage_one_seed for run in runs] == [0, 1, 0, 1, 0]
    assert len({run.keys["disentangle"] for run in runs}) == 2
    assert len({run.keys["learn"] for run in runs}) == 5


def test_seeds_follow_their_stage(expanded: Expand) -> None:
    expansion = expanded()
    jobs = expansion.graph.jobs
    for run in expansion.runs:
        assert jobs[run.keys["learn"]].seed == run.repetition
        assert jobs[run.keys["data"]].seed == 0
        if run.stage_one_seed is not None:
            stages = ("disentangle", "discover", "measure")
            assert {jobs[run.keys[stage]].seed for stage in stages} == {run.stage_one_seed}


def test_inputs_come_before_what_needs_them(expanded: Expand) -> None:
    seen: set[str] = set()
    for key, job in expanded().graph.jobs.items():
        assert seen.issuperset(job.inputs.values())
        seen.add(key)


def test_defaults_written_out_change_no_key(expanded: Expand) -> None:
    plain = expanded()
    spoken = expanded(
        "data: {image_size: 32}\ndisentangle: {latent_dim: 10}\nlearn: {batch_size: 32, backbone: small_cnn}"
    )
    assert set(plain.graph.jobs) == set(spoken.graph.jobs)


def test_numbers_of_equal_value_have_equal_keys(expanded: Expand) -> None:
    assert set(expanded("disentangle: {strength: [0.0, 1.0]}").graph.jobs) == set(expanded().graph.jobs)


def test_run_ids_are_unique(expanded: Expand) -> None:
    runs: tuple[Run, ...] = expanded().runs
    assert len({run.run_id for run in runs}) == len(runs)


def test_a_job_without_its_input_is_refused() -> None:
    with pytest.raises(ValueError, match="not there"):
        JobGraph().add(Job(stage="learn", config={}, inputs={"data": "0" * 64}))


def test_held_out_values_stay_in_a_key_as_they_are_written(expanded: Expand) -> None:
    expansion = expanded(
        """
        data:
          name: shapes3d
          origin: rendered
          levels: {floor_hue: 2, wall_hue: 2, object_hue: 2, orientation: 4}
          principal: [scale]
          split: {name: hold_out, factor: shape, values: [[3, 0], [cube]]}
        """
    )
    splits = [job.config["split"] for job in expansion.graph.jobs.values() if job.stage == "data"]
    assert splits == [
        {"name": "hold_out", "factor": "shape", "values": [3, 0]},
        {"name": "hold_out", "factor": "shape", "values": ["cube"]},
    ]
