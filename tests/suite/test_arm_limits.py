"""What arms cannot be given of images, labelled images and tasks: told before anything runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from detaux.core.errors import SuiteError
from detaux.suite.suite import read_suite

Write = Callable[..., Path]
STAGE_ONE = "disentangle: {method: detaux, subspaces: 4}"
BLIND = "{name: random, auxiliary: random}, {name: shuffled, auxiliary: shuffled}"
PLAIN = f"{{name: detaux, auxiliary: discovered}}, {BLIND}"


def suite(arms: str, *, before: str = STAGE_ONE, learn: str = "", data: str = "") -> str:
    grid = "{name: shapes3d, levels: {floor_hue: 2, wall_hue: 2, object_hue: 2}, principal: [shape]}"
    return (
        f"suite: x\nquestion: q?\nseeds: 1\ndata: {data or grid}\n{before}\n"
        f"learn: {{steps: 3, batch_size: 8, {learn} arms: [{{name: stl, auxiliary: none}}, {arms}]}}\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            suite("{name: x, auxiliary: shuffled, weighting: krum}"),
            "learn.arms[1].weighting: weighting krum needs at least 3 tasks, the principal one included, but has 2;",
        ),
        (
            suite("{name: x, auxiliary: noise, weighting: trimmed_mean}"),
            "learn.arms[1].weighting: weighting trimmed_mean needs at least 3 tasks",
        ),
        (
            suite(
                "{name: x, auxiliary: shuffled, weighting: krum}",
                before=f"{STAGE_ONE}\ndiscover: {{tasks: [1, 2]}}",
            ),
            "needs at least 3 tasks, the principal one included, but has 2;",
        ),
        (
            suite(
                f"{PLAIN}, {{name: x, auxiliary: {{name: random, num_classes: 30}}}}", learn="train_size: 29,"
            ),
            "learn.arms[4].auxiliary: num_classes is 30, more than the 29 labelled images; write fewer",
        ),
        (
            suite("{name: x, auxiliary: {name: noise, num_classes: 30}}", learn="train_size: 29,"),
            "learn.arms[1].auxiliary: num_classes is 30, more than the 29 labelled images; write fewer",
        ),
        (
            suite("{name: x, auxiliary: {name: auxilearn, num_classes: 30}}", learn="train_size: 29,"),
            "learn.arms[1].auxiliary: num_classes is 30, more than the 29 labelled images; write fewer",
        ),
        (
            suite("{name: x, auxiliary: maxl}", learn="train_size: 19,"),
            "learn.arms[1].auxiliary: principal classes times subclasses is 20, more than the 19 labelled images",
        ),
        (
            suite("{name: x, auxiliary: 'factor:orientation'}", learn="train_size: 14,"),
            "learn.arms[1].auxiliary: factor 'orientation' has 15 values, more than the 14 labelled images; choose another",
        ),
        (
            suite("{name: x, auxiliary: [rotation, 'factor:orientation']}", learn="train_size: 14,"),
            "learn.arms[1].auxiliary: factor 'orientation' has 15 values, more than the 14 labelled images; choose another",
        ),
        (
            suite(
                PLAIN,
                before=f"{STAGE_ONE}\ndiscover: {{clustering: {{name: kmeans, num_clusters: 30}}}}",
                learn="train_size: 29,",
            ),
            "discover.clustering.num_clusters: num_clusters is 30, more than the 29 labelled images; write fewer",
        ),
    ],
)
def test_one_fault(write: Write, text: str, said: str) -> None:
    with pytest.raises(SuiteError, match=r"^1 fault,") as refusal:
        read_suite(write(text))
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        suite(
            "{name: x, auxiliary: shuffled, weighting: [krum, trimmed_mean]}",
            before=f"{STAGE_ONE}\ndiscover: {{tasks: 2}}",
        ),
        suite(
            "{name: x, auxiliary: shuffled, weighting: krum}",
            before=f"{STAGE_ONE}\ndiscover: {{tasks: [1, 2]}}\nexclude: [{{discover.tasks: 1}}]",
        ),
        suite(
            "{name: x, auxiliary: {name: random, num_classes: 4, num_tasks: 2}, weighting: krum}", before=""
        ),
        suite(f"{PLAIN}, {{name: x, auxiliary: {{name: random, num_classes: 29}}}}", learn="train_size: 29,"),
        suite("{name: x, auxiliary: rotation}, {name: y, auxiliary: maxl}"),
        suite("{name: x, auxiliary: 'factor:orientation'}", learn="train_size: 15,"),
    ],
)
def test_what_is_just_possible_is_sound(write: Write, text: str) -> None:
    read_suite(write(text))


WEIGHED = ", ".join(
    f"{{name: {name}, auxiliary: {name}, weighting: [equal, krum]}}"
    for name in ("discovered", "random", "shuffled")
)


@pytest.mark.parametrize(
    "selection",
    [
        "exclude: [{discover.tasks: 1, learn.weighting: krum}]",
        "exclude: [{discover.tasks: 1, learn.steps: 3, learn.weighting: krum}]",
        "zip: [[discover.tasks, learn.weighting]]",
    ],
)
def test_what_is_left_out_is_no_fault(write: Write, selection: str) -> None:
    read_suite(write(suite(WEIGHED, before=f"{STAGE_ONE}\ndiscover: {{tasks: [1, 2]}}\n{selection}")))


def test_clusters_that_no_arm_learns_are_no_fault(write: Write) -> None:
    rows = ", ".join(f"{{arm: {name}, learn.train_size: 20}}" for name in ("detaux", "random", "shuffled"))
    before = f"{STAGE_ONE}\ndiscover: {{clustering: {{name: kmeans, num_clusters: 30}}}}\nexclude: [{rows}]"
    read_suite(
        write(suite(f"{PLAIN}, {{name: x, auxiliary: noise}}", before=before, learn="train_size: [20, 40],"))
    )


def test_stage_one_may_be_left_out_where_no_arm_needs_it(write: Write) -> None:
    read_suite(write(suite("{name: oracle, auxiliary: 'factor:wall_hue'}", before="")))
    with pytest.raises(SuiteError, match=r"1: needs 'disentangle', which is not written; add it"):
        read_suite(write(suite(PLAIN, before="")))
