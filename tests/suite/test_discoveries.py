"""Arms whose labels want stages one and two done otherwise than the suite says: their jobs, columns and refusals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from detaux.core.errors import SuiteError
from detaux.pipeline.job import Job
from detaux.suite.discoveries import num_discoveries
from detaux.suite.expand import Expansion, Run
from detaux.suite.experiment import arm_choices
from detaux.suite.suite import Suite

Expand = Callable[..., Expansion]
Read = Callable[..., Suite]
Write = Callable[..., Path]
CONTROLS = """
    - {name: stl, auxiliary: none}
    - {name: detaux, auxiliary: discovered}
    - {name: random, auxiliary: random}
    - {name: shuffled, auxiliary: shuffled}
"""
SEVERAL = tuple(f"{{name: {name}, num_tasks: 2}}" for name in ("discovered", "shuffled", "random"))


def arms(*sources: str) -> str:
    """Return a block `learn` with the arms of the base and one called `other_N` for each further source."""
    further = "".join(f"    - {{name: other_{n}, auxiliary: {source}}}\n" for n, source in enumerate(sources))
    return f"learn:\n  arms:{CONTROLS}{further}"


def runs_of(expansion: Expansion, arm: str = "other_0") -> list[Run]:
    return [run for run in expansion.runs if run.arm == arm]


def jobs_of(expansion: Expansion, stage: str, arm: str = "other_0") -> list[Job]:
    """Return the jobs of a stage behind an arm, each once, in order."""
    keys = dict.fromkeys(run.keys[stage] for run in runs_of(expansion, arm))
    return [expansion.graph.jobs[key] for key in keys]


def test_random_and_shuffled_share_the_jobs_of_what_they_control(expanded: Expand) -> None:
    expansion = expanded()
    stages = ("disentangle", "discover", "measure")
    for stage in stages:
        keys = [
            [run.keys[stage] for run in runs_of(expansion, arm)] for arm in ("detaux", "random", "shuffled")
        ]
        assert keys[0] == keys[1] == keys[2]


def test_random_of_a_number_of_classes_needs_no_stage_one(expanded: Expand) -> None:
    expansion = expanded(arms("{name: random, num_classes: 10}"))
    assert [set(run.keys) for run in runs_of(expansion)] == [{"data", "learn"}] * 2


def test_worst_has_the_suites_stage_one_and_a_stage_two_of_its_own(expanded: Expand) -> None:
    expansion = expanded(arms("worst"))
    assert expansion.graph.count_by_stage() == {
        "data": 1,
        "disentangle": 4,
        "discover": 8,
        "measure": 8,
        "learn": 18,
    }
    assert jobs_of(expansion, "disentangle") == jobs_of(expansion, "disentangle", "detaux")
    assert {str(job.config["subspace"]) for job in jobs_of(expansion, "discover")} == {"{'name': 'worst'}"}
    assert {job.config["clustering"]["name"] for job in jobs_of(expansion, "discover")} == {"kmeans"}
    assert {run.columns["discover.subspace.name"] for run in runs_of(expansion)} == {"worst"}


@pytest.mark.parametrize("source", ["principal", "worst"])
def test_criteria_that_a_source_replaces_collapse(expanded: Expand, source: str) -> None:
    expansion = expanded(f"discover: {{subspace: [cosine, silhouette, worst]}}\n{arms(source)}")
    assert Counter(run.arm for run in expansion.runs)["other_0"] == 4
    assert Counter(run.arm for run in expansion.runs)["detaux"] == 12


def test_worst_is_the_suites_own_where_that_clusters_the_worst(expanded: Expand) -> None:
    expansion = expanded(f"discover: {{subspace: worst}}\n{arms('worst')}")
    assert jobs_of(expansion, "discover") == jobs_of(expansion, "discover", "detaux")


def test_pixels_run_once_a_seed_whatever_the_suite_varies_of_its_disentangler(expanded: Expand) -> None:
    expansion = expanded(f"disentangle: {{subspaces: [3, 4]}}\n{arms('pixels')}")
    assert expansion.graph.count_by_stage() == {
        "data": 1,
        "disentangle": 8 + 2,
        "discover": 8 + 2,
        "measure": 8 + 2,
        "learn": 2 + 3 * 8 + 2,
    }
    assert [run.stage_one_seed for run in runs_of(expansion)] == [0, 1]
    assert [dict(job.config) for job in jobs_of(expansion, "disentangle")] == [
        {"method": {"name": "pixels"}}
    ] * 2
    (config,) = {str(job.config) for job in jobs_of(expansion, "discover")}
    assert "{'name': 'whole'}" in config
    assert "'kmeans'" in config
    columns = runs_of(expansion)[0].columns
    assert (columns["disentangle.method.name"], columns["disentangle.method.side"]) == ("pixels", 4)
    assert "disentangle.method.strength" not in columns
    assert all(
        set(run.keys) == {"data", "disentangle", "discover", "measure", "learn"} for run in runs_of(expansion)
    )


def test_features_keep_what_their_method_has_of_the_suites(expanded: Expand) -> None:
    expansion = expanded(
        "disentangle: {subspaces: [3, 4], preset: fast, steps: 9, corruption: gaussian, pairing: same_class}\n"
        + arms("features")
    )
    configs = [job.config["method"] for job in jobs_of(expansion, "disentangle")]
    shared = {"name": "supervised", "preset": "fast", "steps": 9, "corruption": "gaussian", "latent_dim": 10}
    assert configs == [{**shared, "subspaces": number} for number in (3, 3, 4, 4)]
    assert {run.columns["disentangle.method.strength"] for run in runs_of(expansion)} == {1}
    assert len(runs_of(expansion)) == 2 * 2


def test_a_suite_on_the_same_method_shares_its_stage_one(expanded: Expand) -> None:
    expansion = expanded(f"disentangle: [{{method: pixels, side: 8}}]\n{arms('{name: pixels, side: 8}')}")
    assert jobs_of(expansion, "disentangle") == jobs_of(expansion, "disentangle", "detaux")
    assert len(jobs_of(expansion, "disentangle")) == 2


def test_features_need_a_method_with_a_net(expanded: Expand) -> None:
    with pytest.raises(SuiteError, match="pixels has no net whose form supervised could take over; give"):
        expanded(f"disentangle: [{{method: pixels, side: 8}}]\n{arms('features')}")


def test_one_task_is_left_out_of_the_key_and_more_are_not(expanded: Expand) -> None:
    plain = expanded()
    assert set(expanded("discover: {tasks: 1}").graph.jobs) == set(plain.graph.jobs)
    assert all("tasks" not in job.config for job in jobs_of(plain, "discover", "detaux"))
    both = expanded("discover: {tasks: [1, 2]}")
    assert Counter(job.config.get("tasks") for job in jobs_of(both, "discover", "detaux")) == {None: 4, 2: 4}
    assert set(both.graph.jobs) > set(plain.graph.jobs)


def test_several_tasks_of_one_arm_are_a_stage_two_of_its_own(expanded: Expand) -> None:
    expansion = expanded(arms(*SEVERAL))
    assert {job.config["tasks"] for job in jobs_of(expansion, "discover")} == {2}
    assert jobs_of(expansion, "discover") == jobs_of(expansion, "discover", "other_1")
    assert jobs_of(expansion, "disentangle") == jobs_of(expansion, "disentangle", "detaux")
    assert not {run.keys["discover"] for run in runs_of(expansion)} & {
        run.keys["discover"] for run in runs_of(expansion, "detaux")
    }


def test_zipped_axes_advance_together_with_a_method_in_their_place(expanded: Expand) -> None:
    expansion = expanded(f"{arms('features')}  steps: [10, 20]\nzip: [[disentangle.strength, learn.steps]]")
    assert [run.columns["learn.steps"] for run in runs_of(expansion)] == [10, 10, 20, 20]
    assert len(jobs_of(expansion, "disentangle")) == 2


def test_excluded_settings_are_left_out_of_every_arm(expanded: Expand) -> None:
    expansion = expanded(
        f"disentangle: {{subspaces: [3, 4]}}\nexclude: [{{disentangle.subspaces: 4}}]\n{arms('features')}"
    )
    assert {run.columns["disentangle.method.subspaces"] for run in runs_of(expansion)} == {3}


@pytest.mark.parametrize(
    "text",
    [
        arms("pixels", "features", "worst", "principal"),
        "disentangle: {subspaces: [3, 4]}\ndiscover: {subspace: [cosine, worst], tasks: [1, 2]}\n"
        + arms("worst", "features", "pixels", *SEVERAL),
        "disentangle: {method: [detaux, supervised]}\n" + arms("features"),
    ],
)
def test_runs_are_counted_as_they_are_expanded(read: Read, expanded: Expand, text: str) -> None:
    (experiment,) = read(text).experiments
    counted = sum(num_discoveries(experiment, choice) for _, choice in arm_choices(experiment))
    assert counted * experiment.seeds == len(expanded(text).runs)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"disentangle: {{preset: large}}\ndata: {{image_size: 64}}\n{arms('features')}",
            "test.yaml:10: learn.arms[4].auxiliary: preset 'large' has maps for latents, and this method needs vectors",
        ),
        (
            arms("pixels", "{name: pixels, side: 3}"),
            "test.yaml:9: learn.arms[5].auxiliary: 3 blocks do not fill images of 32 x 32 pixels; set side",
        ),
        (arms("{name: pixels, side: 0}"), "test.yaml:8: learn.arms[4].auxiliary: side must be"),
        (
            "discover: {tasks: [1, 3]}",
            "test.yaml:2: discover.tasks: asks for 3 tasks, but 'cosine' chooses among 2 of 3 subspaces; ask for fewer",
        ),
        (
            "discover: {tasks: 2, subspace: {name: fixed, index: 1}}",
            "asks for 2 tasks, but 'fixed' chooses among 1 of 3 subspaces",
        ),
        (
            arms("{name: shuffled, num_tasks: 5}"),
            "test.yaml:8: learn.arms[4].auxiliary: asks for 5 tasks, but 'cosine' chooses among 2 of 3",
        ),
        (
            arms("{name: discovered, num_tasks: 0}"),
            "test.yaml:8: learn.arms[4].auxiliary.num_tasks: num_tasks must be at least 1, but is 0",
        ),
        ("discover: {tasks: 0}", "discover.tasks: is 0"),
        (arms("'discovered:2'"), "'discovered' takes nothing after a colon; write {name: discovered"),
        (
            arms("'class:class'"),
            "test.yaml:8: learn.arms[4].auxiliary: 'class' is part of the principal task",
        ),
        (arms("'class:klass'"), "unknown factor 'klass'"),
        (arms("class"), "learn.arms[4].auxiliary: needs 'labelling'"),
        (
            f"data: {{name: shapes3d, levels: {{scale: 2}}, principal: [shape]}}\n{arms(repr('class:scale'))}",
            "test.yaml:9: learn.arms[4].auxiliary: 'scale' is no coarser labelling of the principal classes: images of class",
        ),
    ],
)
def test_refusals_name_the_arm_and_its_line(read: Read, text: str, said: str) -> None:
    with pytest.raises(SuiteError, match=r"^1 fault,") as refusal:
        read(text)
    assert said in str(refusal.value)


def test_what_only_joins_classes_is_a_coarser_labelling(expanded: Expand) -> None:
    expansion = expanded(
        f"data: {{name: shapes3d, levels: {{scale: 2}}, principal: [shape, scale]}}\n{arms(repr('class:shape'))}"
    )
    (config,) = {str(job.config["auxiliary"]) for job in jobs_of(expansion, "learn")}
    assert config == "{'name': 'class', 'labelling': 'shape'}"
